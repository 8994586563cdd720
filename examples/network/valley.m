% A feeder of three buses in a fork: the tie line 3-7 is open, 4 MW at 40 stand at bus 7.
function mpc = valley
mpc.version = '2'; mpc.baseMVA = 10;
mpc.bus = [
1 3 0   0   0   0 1 1 0 20 1 1.05 0.95;
2 1 2   0.5 0   0 1 1 0 20 1 1.05 0.95;
3 1 3   1   0.5 0 1 1 0 20 1 1.04 0.95;
7 1 1   0   0   0 1 1 0 20 1 1.05 0.90;
];
mpc.gen = [
1 0 0   10 -10 1.02 10 1 100 0;
7 1 0.2 10 -10 1    10 1 5   1;
];
mpc.branch = [
2 1 0.01 0.02 0 8 0 0 0 0 1 -30 30;
2 3 0.05 0.05 0 0 0 0 0 0 1 -30 30;
7 2 0.02 0.01 0 4 0 0 1 0 1 -30 30;
3 7 0.02 0.01 0 4 0 0 0 0 0 -30 30;
];
mpc.gencost = [2 0 0 2 10 0; 2 0 0 2 40 6];
