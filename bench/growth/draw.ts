import { scaleLinear, scaleLog } from 'd3-scale';

/** Points whose coordinates are above zero. */
export interface Line {
	/** Of a class in the style. */
	name: string;
	title: string;
	points: readonly (readonly [x: number, y: number])[];
}

export interface Chart {
	title: string;
	x: string;
	y: string;
	/** As it is, from zero, and not by its logarithm. */
	isLinear?: boolean;
	lines: readonly Line[];
}

const size = { width: 760, height: 400 };
const edges = { left: 84, right: 590, top: 48, bottom: 344 };
/** Between two names at the ends of lines. */
const lineHeight = 17;

/** Colours by the names of lines: on white, and on black. */
const colours: Record<string, readonly [light: string, dark: string]> = {
	'adapter-node': ['#6b7280', '#a3acb9'],
	uws: ['#1d5fbf', '#6cb0ff'],
	bun: ['#b83280', '#ff8ac4'],
	node: ['#2f7d32', '#6fd075'],
	'raw-uws': ['#a15c00', '#f0b354'],
	'raw-ws': ['#6b7280', '#a3acb9'],
	steady: ['#6b7280', '#a3acb9'],
	'away-0': ['#2f7d32', '#6fd075'],
	'away-5': ['#1d5fbf', '#6cb0ff'],
	'away-30': ['#a15c00', '#f0b354']
};

/** @returns an SVG that can be read on a light and on a dark page */
export function drawChart({ title, x, y, isLinear = false, lines }: Chart): string {
	const points = lines.flatMap((line) => line.points);
	const [first, last] = extentOf(points.map(([value]) => value));
	const toX = (
		isLinear ? scaleLinear().domain([0, last]).nice() : scaleLog().domain([first, last])
	).range([edges.left, edges.right]);
	const toY = scaleLog()
		.domain(extentOf(points.map(([, value]) => value)))
		.nice()
		.range([edges.bottom, edges.top]);
	const names = spread(lines.map((line) => toY(line.points.at(-1)?.[1] ?? 1)));
	return [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img">`,
		`<title>${escape(title)}</title>`,
		`<style>${style(lines)}</style>`,
		`<rect class="page" width="${size.width}" height="${size.height}" rx="6"/>`,
		`<text class="title" x="${edges.left}" y="26">${escape(title)}</text>`,
		...decades(toY.domain()).map((value) => drawRow(value, toY(value))),
		...(isLinear ? toX.ticks(8) : decades(toX.domain())).map((value) =>
			drawTick(value, toX(value))
		),
		`<text x="${(edges.left + edges.right) / 2}" y="${size.height - 14}" text-anchor="middle">${escape(x)}</text>`,
		`<text transform="translate(16 ${(edges.top + edges.bottom) / 2}) rotate(-90)" text-anchor="middle">${escape(y)}</text>`,
		...lines.map((line, index) => drawLine(line, toX, toY, names[index] ?? 0)),
		'</svg>\n'
	].join('\n');
}

function drawLine(
	{ name, title, points }: Line,
	toX: (value: number) => number,
	toY: (value: number) => number,
	nameY: number
): string {
	const places = points.map(([x, y]) => [round(toX(x)), round(toY(y))] as const);
	const dots = places.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3"/>`);
	const path = places.map((place) => place.join(' ')).join('L');
	return [
		`<g class="line ${name}"><path d="M${path}"/>${dots.join('')}`,
		`<text x="${edges.right + 10}" y="${round(nameY + 4)}">${escape(title)}</text></g>`
	].join('');
}

function drawRow(value: number, y: number): string {
	return [
		`<path class="grid" d="M${edges.left} ${round(y)}H${edges.right}"/>`,
		`<text x="${edges.left - 8}" y="${round(y + 4)}" text-anchor="end">${amount(value)}</text>`
	].join('');
}

function drawTick(value: number, x: number): string {
	return [
		`<path class="grid" d="M${round(x)} ${edges.bottom}v5"/>`,
		`<text x="${round(x)}" y="${edges.bottom + 20}" text-anchor="middle">${amount(value)}</text>`
	].join('');
}

function extentOf(values: readonly number[]): [number, number] {
	return [Math.min(...values), Math.max(...values)];
}

/** The powers of ten from the first to the last. */
function decades([first, last]: [number, number]): number[] {
	const [low, high] = [Math.ceil(log10(first)), Math.floor(log10(last))];
	return Array.from({ length: high - low + 1 }, (_, index) => Number(`1e${low + index}`));
}

function log10(value: number): number {
	// so that 1000 is the third power in spite of how numbers are kept
	return Number(Math.log10(value).toFixed(9));
}

/** Move what would stand on top of each other apart. */
function spread(wanted: readonly number[]): number[] {
	const order = wanted.map((_, index) => index).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
	const places = [...wanted];
	let free = edges.top;
	for (const index of order) {
		places[index] = Math.max(wanted[index] ?? 0, free);
		free = (places[index] ?? 0) + lineHeight;
	}
	return places;
}

function style(lines: readonly Line[]): string {
	const rules = (shade: 0 | 1) =>
		lines
			.map(({ name }) => `.${name}{--colour:${colours[name]?.[shade] ?? 'currentColor'}}`)
			.join('');
	return [
		'svg{--page:#fff;--ink:#333;--grid:#ddd}',
		rules(0),
		'text{font:13px system-ui,sans-serif;fill:var(--ink)}.title{font-weight:600;font-size:15px}',
		'.page{fill:var(--page)}.grid{stroke:var(--grid)}',
		'.line path{fill:none;stroke:var(--colour);stroke-width:2}.line circle,.line text{fill:var(--colour)}',
		`@media(prefers-color-scheme:dark){svg{--page:#161b22;--ink:#d5dae1;--grid:#3a424d}${rules(1)}}`
	].join('\n');
}

function amount(value: number): string {
	return value >= 1000 ? value.toLocaleString('en-US') : String(value);
}

function round(value: number): number {
	return Math.round(value * 10) / 10;
}

function escape(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('`', '');
}
