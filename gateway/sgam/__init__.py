"""The installation as a smart grid architecture model (SGAM): what it is made of, told in five layers.

A plane has five domains along the conversion of energy and six zones of its management. On it lie five layers:

=============  ==============================================================
component      what there is: the gateway, its peers, their servers
communication  links between two components, and how they are secured
information    documents in one direction of travel
function       the steps of the coordination scheme
business       parties in their roles, and by which regulation
=============  ==============================================================

Relations lead from the top down: business uses function and acts through components, a function exchanges information,
information travels on a link, a link joins two components. The gateway is the hub: what one peer tells another comes in
on the link of the first and goes out on that of the second.

Source: IEC SRD 63200:2021; CEN-CENELEC-ETSI Smart Grid Coordination Group, Smart Grid Reference Architecture (2012).
"""
