import { describe, expect, test } from 'vitest';
import type { Client } from '../../support/client.ts';
import { App } from './app.ts';
import type { Subject } from './subject.ts';

/** Sockets about which the app is asked again while they are open. */
export function reauthorizeSuite(subject: Subject): void {
	describe(`${subject.name}: a socket of a path with reauthorize`, () => {
		const app = new App(subject);

		/** Somebody of whom nothing is known yet. */
		const enter = async (path = '/again'): Promise<{ client: Client; user: string }> => {
			const user = `again${subject.name.replaceAll(/\W/g, '')}${app.tag()}`;
			const client = await app.open(`${path}?name=${user}&tag=${user}`, {
				cookie: `user=${user}`,
				'x-own': 'own'
			});
			return { client, user };
		};

		/** How often the app was asked about somebody. */
		const asked = async (user: string) =>
			(await app.journal(user)).filter((line) => line.includes(' own ')).length;

		const askedAgain = async (user: string) => {
			const before = await asked(user);
			await expect.poll(() => asked(user)).toBeGreaterThan(before + 1);
		};

		test('goes through handle and upgrade again and again, as the request that it was', async () => {
			const { client, user } = await enter();
			await askedAgain(user);
			const lines = (await app.journal(user)).filter((line) => line.includes(' own '));
			expect(new Set(lines).size).toBe(1);
			expect(lines[0]).toContain(`/again own ${user} ${user} `);
			await client.close();
		});

		test('keeps what it has of the first time', async () => {
			const { client, user } = await enter();
			client.send('');
			const first = await client.json();
			expect(first).toMatchObject({ trail: ['identify', 'guard', 'decorate'] });
			await askedAgain(user);
			client.send('');
			expect(await client.json()).toEqual(first);
			await client.close();
		});

		test.for([
			'error',
			'redirect',
			'moved',
			'false',
			'later',
			'response',
			'fine',
			'signed out',
			'to pay'
		])('is closed with 4401 once it is refused: %s', async (verdict) => {
			const { client, user } = await enter();
			client.send(verdict);
			expect(await client.closed).toEqual({ code: 4401, reason: 'Not let in any more' });
			await expect.poll(() => app.journal(user)).toContainEqual('close 4401 Not let in any more');
		});

		test.for(['throw', 'handle throws', 'limited'])(
			'stays where nobody can say whether it may, and is closed when somebody can: %s',
			async (verdict) => {
				const { client, user } = await enter();
				client.send(verdict);
				const broken = verdict === 'limited' ? '429' : '500';
				await app.running.printed(new RegExp(`stays open.*answered ${broken}`));
				expect(client.isOpen).toBe(true);
				client.send('');
				await askedAgain(user);
				client.send('error');
				expect(await client.closed).toMatchObject({ code: 4401 });
			}
		);

		test('is not meant by websockets.close that is called about it', async () => {
			const { client, user } = await enter();
			client.send('alone');
			await askedAgain(user);
			expect(client.isOpen).toBe(true);
			await client.close();
		});

		test('is not asked about when it has ended', async () => {
			const { client, user } = await enter();
			await client.close();
			await expect.poll(() => app.journal(user)).toContainEqual(expect.stringMatching(/^close/));
			const lines = await app.journal(user);
			const other = await enter();
			await askedAgain(other.user);
			await other.client.close();
			expect(await app.journal(user)).toEqual(lines);
		});
	});
}
