/** Limits for tests and benchmarks in which one caller asks as fast as it can. */
export const unlimited = { requestsPerSecond: 1_000_000, burst: 1_000_000 }
