/** What nodes tell each other. All of it may be lost: whoever hears has a slower way to the same knowledge. */
export type Topic = 'committed' | 'numbered' | 'lease-free' | 'session-ended'

/** Tells the other nodes of the deployment, and hears them. */
export interface NodeBus {
  /** Tells the other nodes, soon: what is told in quick succession goes together, and the same only once. */
  tell(topic: Topic, detail?: string): void
  /** Hears what another node told. Returns the way to stop. */
  hear(topic: Topic, listener: (detail: string) => void): () => void
  /** Hears that this node was cut off from the others, or that it hears them again. */
  onTurn(listener: (connected: boolean) => void): void
  /** Sends what waits to be told. */
  flush(): Promise<void>
}

/** The bus of a node that is alone with its database. */
export const soleBus: NodeBus = {
  tell: () => {},
  hear: () => () => {},
  onTurn: () => {},
  flush: async () => {}
}
