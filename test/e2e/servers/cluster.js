// A primary of node:cluster with two workers that run a built app, named by the argument. SIGUSR2 asks the first one to go.
import cluster from 'node:cluster';
import process from 'node:process';

cluster.setupPrimary({ exec: process.argv[2] });
const workers = [cluster.fork(), cluster.fork()];
for (const worker of workers) {
	worker.on('listening', ({ port }) => console.log(`worker ${worker.process.pid} is at ${port}.`));
	worker.on('exit', (code, signal) => {
		console.log(`worker ${worker.process.pid} has ended with ${signal ?? code}.`);
	});
}
process.on('SIGUSR2', () => workers[0]?.disconnect());
