/** What this process wants to hear of others. Counted: a topic is wanted for as long as anybody here is on it. */
export interface Interest {
	subscribe(topic: string): void;
	unsubscribe(topic: string): void;
}
