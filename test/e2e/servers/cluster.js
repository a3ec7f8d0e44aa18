// A primary of node:cluster with workers that run a built app. Arguments: the app, how many workers (2), and whether one that
// ends is followed by another. SIGUSR2 asks the first one to go.
import cluster from 'node:cluster';
import process from 'node:process';

const [, , app, count = '2', follows] = process.argv;
cluster.setupPrimary({ exec: app, args: [] });
const workers = Array.from({ length: Number(count) }, start);

function start() {
	const worker = cluster.fork();
	worker.on('listening', ({ port }) => console.log(`worker ${worker.process.pid} is at ${port}.`));
	worker.on('exit', (code, signal) => {
		console.log(`worker ${worker.process.pid} has ended with ${signal ?? code}.`);
		if (follows) start();
	});
	return worker;
}
process.on('SIGUSR2', () => workers[0]?.disconnect());
