import type { JobSpec } from '../supervisor/types.ts'

/** The variables of a file pattern, written `{name}`. Times are those of the file's first frame. */
export const FILE_VARIABLES = [
  'date',
  'time',
  'timestamp',
  'year',
  'month',
  'day',
  'hour',
  'minute',
  'cameraId',
  'cameraName',
  'jobId',
  'jobName'
] as const

type FileVariable = (typeof FILE_VARIABLES)[number]

const KNOWN: ReadonlySet<string> = new Set(FILE_VARIABLES)

/** What files are called when the job does not say. */
export const DEFAULT_FILE_PATTERN = '{date}_{time}'

const LONGEST_PATTERN = 200
const LONGEST_NAME = 80

/** The names of a run that a pattern may use. */
export type FileNames = Pick<FileNameSource, 'cameraId' | 'cameraName' | 'jobId' | 'jobName'>

interface FileNameSource extends Record<FileVariable, string> {}

/** The names that a job gives to its files. */
export function fileNames({ id, name, camera }: Pick<JobSpec, 'id' | 'name' | 'camera'>): FileNames {
  return { cameraId: camera.id, cameraName: camera.name, jobId: id, jobName: name }
}

/**
 * Says in one sentence what is wrong with a file pattern, or `undefined` when nothing is. A pattern names the file
 * without its ending; `/` makes folders below the job's own, and time variables may stand in them.
 */
export function checkFilePattern(pattern: string): string | undefined {
  if (pattern.trim() === '') return 'The file pattern is empty.'
  if (pattern.length > LONGEST_PATTERN)
    return `The file pattern is longer than ${LONGEST_PATTERN} characters.`
  const strange = /[%\\:*?"<>|\p{Cc}]/u.exec(pattern)?.[0]
  if (strange !== undefined) return `The file pattern may not contain ${JSON.stringify(strange)}.`
  for (const [, name] of pattern.matchAll(/\{([^{}]*)\}/g)) {
    if (!KNOWN.has(name ?? '')) {
      return `The file pattern knows no {${name}}; it knows ${FILE_VARIABLES.map((v) => `{${v}}`).join(', ')}.`
    }
  }
  if (/[{}]/.test(pattern.replace(/\{\w+\}/g, '')))
    return 'The file pattern has a brace without its other half.'
  for (const folder of pattern.split('/')) {
    if (folder === '')
      return 'The file pattern has an empty folder: it may not begin or end with "/" nor contain "//".'
    if (folder.startsWith('.')) return `In the file pattern, "${folder}" begins with a dot.`
  }
  return undefined
}

/** A name as a part of a path: no separator, nothing that a file system or ffmpeg would read as more than a letter. */
function asFileName(name: string): string {
  const plain = name.replace(/[/\\%:*?"<>|\p{Cc}]/gu, '_').replace(/^[.\s]+|[.\s]+$/g, '_')
  return plain.slice(0, LONGEST_NAME) || '_'
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** One for each time zone: to make one costs as much as all else that is done for a file. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit'
    })
  formats.set(timeZone, format)
  return format
}

function timeVariables(at: Date, timeZone: string): Omit<FileNameSource, keyof FileNames> {
  const part = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value])
  )
  const { year = '', month = '', day = '', hour = '', minute = '', second = '' } = part
  return {
    date: `${year}-${month}-${day}`,
    time: `${hour}-${minute}-${second}`,
    timestamp: String(Math.floor(at.getTime() / 1000)),
    year,
    month,
    day,
    hour,
    minute
  }
}

/** The path, below the job's folder and without ending, of a file that begins at `at`. Expects a checked pattern. */
export function renderFilePattern(
  pattern: string,
  { names, at, timeZone = 'UTC' }: { names: FileNames; at: Date; timeZone?: string }
): string {
  const values: Readonly<Record<string, string>> = { ...names, ...timeVariables(at, timeZone) }
  return pattern.replace(/\{(\w+)\}/g, (whole, name: string) => asFileName(values[name] ?? whole))
}
