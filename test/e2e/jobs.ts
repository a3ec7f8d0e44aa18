import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { Person, soon } from './chat.ts';

/** The jobs as `test/support/setup.ts` built them. */
export const jobsBuild = fileURLToPath(new URL('../../examples/jobs/build', import.meta.url));

interface JobForm {
	name: string;
	steps: number;
	pace: 'quick' | 'steady' | 'slow';
}

/** How a job stands, as it is shown. */
interface Shown {
	done: number;
	state: string;
}

/** One tab of somebody who uses the jobs with a browser. */
export class Visitor {
	readonly page: Page;
	/** The sockets that the page has opened with a URL of its form action. */
	readonly sockets: string[] = [];
	readonly #person: Person;
	#asked = 0;

	private constructor(person: Person) {
		this.#person = person;
		this.page = person.page;
		this.page.on('websocket', (socket) => this.sockets.push(socket.url()));
		this.page.on('request', (request) => {
			if (request.method() === 'POST' && request.url().endsWith('?/watch')) this.#asked += 1;
		});
	}

	static async arrive(browser: Browser, url: string): Promise<Visitor> {
		return new Visitor(await Person.arrive(browser, url));
	}

	/** How often the page has asked its form action for a URL. */
	get asked(): number {
		return this.#asked;
	}

	/** Open the list, and wait until it is live. */
	async visitList(): Promise<void> {
		const live = this.page.waitForResponse(/\/_app\/remote\/[^/]+\/watchJobs$/);
		await this.page.goto('/');
		await live;
	}

	/**
	 * Start a job on the page with the list.
	 * @returns the path of its log
	 */
	async start({ name, steps, pace }: JobForm): Promise<string> {
		await this.page.getByLabel('Name', { exact: true }).fill(name);
		await this.page.getByLabel('Steps').fill(String(steps));
		await this.page.getByLabel('Pace').selectOption(pace);
		await this.page.getByRole('button', { name: 'Start' }).click();
		const log = this.page.getByRole('status').getByRole('link', { name: `the log of ${name}` });
		return String(await log.getAttribute('href'));
	}

	/** A job in the list; `undefined` if it is not there. */
	async listed(name: string): Promise<Shown | undefined> {
		const link = this.page.getByRole('link', { name, exact: true });
		const entry = this.page.getByRole('list', { name: 'Jobs' }).getByRole('listitem');
		const [text] = await entry.filter({ has: link }).allInnerTexts();
		return text === undefined ? undefined : shown(text);
	}

	/** Open the log of a job that is running, and wait until it is live. */
	async watch(path: string): Promise<void> {
		await this.page.goto(path);
		await soon(() => this.status()).toBe('Live');
	}

	/** The job whose log this is. */
	async job(): Promise<Shown> {
		return shown(await this.page.locator('main .progress').innerText());
	}

	/** The lines of the log, from top to bottom, without their times. */
	async lines(): Promise<string[]> {
		const texts = await this.page.getByRole('log').locator('.line').allInnerTexts();
		return texts.map((text) => text.replace(/^[\d.]+ s\s+/, ''));
	}

	/** What the log says about its connection. */
	status(): Promise<string> {
		return this.page.getByRole('log').locator('.status').innerText();
	}

	async cancel(): Promise<void> {
		await this.page.getByRole('button', { name: 'Cancel' }).click();
	}

	/** Errors on the page or its console that belong to what the test does. */
	expects(problem: RegExp): void {
		this.#person.expects(problem);
	}

	problems(): string[] {
		return this.#person.problems();
	}

	async leave(): Promise<void> {
		await this.#person.leave();
	}
}

/** Every line of a job that was not cancelled. */
export function linesOf({ name, steps }: Pick<JobForm, 'name' | 'steps'>): string[] {
	const work = ['Fetch', 'Check', 'Compile', 'Link', 'Compress', 'Upload'];
	const parts = Array.from(
		{ length: steps },
		(_, index) => `${work[index % work.length]} part ${index + 1} of ${steps}`
	);
	return [`Start ${name}`, ...parts, 'Done'];
}

/** Reads `3 of 12` and the word after it. */
function shown(text: string): Shown {
	const [, done, state] = /(\d+) of \d+\s+(\w+)$/.exec(text) ?? [];
	return { done: Number(done), state: String(state) };
}
