export interface DocumentPages { get(path: string): { type: string; body: string | Buffer; cacheSeconds?: number; csp?: string; etag?: string } | undefined }
export function createDocumentPages(_: unknown): DocumentPages { return { get: () => undefined } }
