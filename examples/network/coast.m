% Two buses: 60 MW at 20, a line of 15 MW, 20 MW of load and 60 MW at 50.
function mpc = coast
mpc.version = '2'; mpc.baseMVA = 100;
mpc.bus = [
1 3 0  0 0 0 1 1 0 110 1 1.1 0.9;
2 1 20 0 0 0 1 1 0 110 1 1.1 0.9;
];
mpc.gen = [
1 0 0 0 0 1 100 1 60 0;
2 0 0 0 0 1 100 1 60 0;
];
mpc.branch = [1 2 0 0.1 0 15 0 0 0 0 1 -30 30];
mpc.gencost = [2 0 0 2 20 0; 2 0 0 2 50 0];
