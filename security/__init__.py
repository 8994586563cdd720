"""Who may say what: identities of peers, policies and signatures.

Pure like the core, but for ``security.tls``, the one place that touches TLS sockets.
"""
