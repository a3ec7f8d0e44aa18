declare global {
	namespace App {
		interface Locals {
			user: { name: string } | undefined;
		}
	}
}

export {};
