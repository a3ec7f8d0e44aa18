export interface Item {
	id: number;
	name: string;
	price: number;
}

export function makeItems(length: number): Item[] {
	return Array.from({ length }, (_, id) => ({ id, name: `Item ${id}`, price: id * 3 }));
}
