import type { Plugin } from '@signalbox/plugin'
import type { TestPlatform } from '../platform/testPlatform.ts'
import type { Documents } from './readDocuments.ts'
import type { RoundTrip } from './roundTrip.ts'

/** A plugin under test, with what it cannot start without. */
export interface Candidate {
  /** Its short name. Default: as the host derives it from the plugin’s name. */
  readonly name?: string
  readonly plugin: () => Plugin
  /** The plugins that it requires. */
  readonly needs?: readonly (() => Plugin)[]
  /**
   * By the path of a resource, values for fields of a record that no schema can tell. `null` for a resource whose
   * records nobody creates by hand. A field’s `examples` serve as well, and tell readers of the documents too.
   */
  readonly samples?: Readonly<Record<string, Readonly<Record<string, unknown>> | null>>
}

/** A candidate that runs. */
export interface Subject {
  readonly name: string
  readonly plugin: Plugin
  readonly platform: TestPlatform
  readonly documents: Documents
  /** What came of creating, reading, changing and removing a record of each of its resources; done once. */
  roundTrips(): Promise<readonly RoundTrip[]>
}

/** One thing that every plugin must be, whoever wrote it. It throws a sentence where the plugin is not. */
export interface Check {
  /** What is so: the plugin … */
  readonly title: string
  run(subject: Subject): Promise<void> | void
}

/** The same for what can be told of a plugin that does not run. */
export interface DeclarationCheck {
  readonly title: string
  /** What is not so, a sentence each. */
  faults(plugin: Plugin, name: string): string[]
}
