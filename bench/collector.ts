import process from 'node:process';

const { Bun: bun, gc } = globalThis as {
	Bun?: { gc(isSync: boolean): void };
	gc?: (options: { type: 'major'; flavor: 'last-resort' }) => void;
};

// What idle sockets take is what is left when there is nothing more to be freed.
process.on('SIGUSR2', () => {
	if (bun) bun.gc(true);
	// gives pages back to the system, too
	else gc?.({ type: 'major', flavor: 'last-resort' });
	console.log('Collected');
});
