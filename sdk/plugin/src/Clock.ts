/** What time it is. */
export interface Clock {
  /** This moment. It is real time, unless a test moves it by hand. */
  now(): Date
}
