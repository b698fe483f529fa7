type Check = (value: string) => boolean

const SAFE_FILTERS = new Set([
  'scale',
  'fps',
  'transpose',
  'hflip',
  'vflip',
  'crop',
  'pad',
  'rotate',
  'format',
  'yadif',
  'eq',
  'hue',
  'unsharp',
  'hqdn3d',
  'boxblur',
  'setsar',
  'setdar',
  'null'
])

const matches =
  (pattern: RegExp): Check =>
  (value) =>
    pattern.test(value)

const number = matches(/^\d{1,6}(\.\d{1,3})?$/)
const bitrate = matches(/^\d{1,9}(\.\d{1,3})?[kKM]?$/)
const word = matches(/^[A-Za-z0-9_.]{1,24}$/)
const frameRate = matches(/^\d{1,5}(\.\d{1,3})?(\/\d{1,5})?$/)

/** A chain of filters that only change pictures. A `/` before a name would make newer ffmpegs read a file. */
function safeFilters(value: string): boolean {
  return value.split(',').every((filter) => {
    const [name = '', ...args] = filter.split('=')
    const text = args.join('=')
    return SAFE_FILTERS.has(name) && /^[\w.:=+*/()-]*$/.test(text) && !/(^|[:=])\//.test(text)
  })
}

const WITH_VALUE: ReadonlyMap<string, Check> = new Map([
  ['-r', frameRate],
  ['-g', number],
  ['-bf', number],
  ['-refs', number],
  ['-keyint_min', number],
  ['-crf', number],
  ['-qp', number],
  ['-q:v', number],
  ['-b:v', bitrate],
  ['-minrate', bitrate],
  ['-maxrate', bitrate],
  ['-bufsize', bitrate],
  ['-preset', word],
  ['-tune', word],
  ['-profile:v', word],
  ['-level', word],
  ['-level:v', word],
  ['-pix_fmt', word],
  ['-aspect', matches(/^\d{1,4}:\d{1,4}$/)],
  ['-threads', matches(/^\d{1,2}$/)],
  ['-ar', number],
  ['-ac', matches(/^[1-8]$/)],
  ['-b:a', bitrate],
  ['-c:a', matches(/^(aac|copy)$/)],
  ['-vf', safeFilters],
  ['-filter:v', safeFilters]
])

const ALONE: ReadonlySet<string> = new Set(['-an', '-sn', '-dn'])

/**
 * Says in one sentence which of a job's extra arguments is not allowed, or `undefined` when all are. Allowed are options of
 * the output that change how pictures and sound are encoded; none that reads or writes anything else.
 */
export function checkExtraArgs(args: readonly string[]): string | undefined {
  for (let at = 0; at < args.length; at += 1) {
    const option = args[at]!
    if (ALONE.has(option)) continue
    const check = WITH_VALUE.get(option)
    if (!check) return `${JSON.stringify(option)} is not one of the allowed extra arguments.`
    at += 1
    const value = args[at]
    if (value === undefined) return `The extra argument ${option} needs a value.`
    if (!check(value)) return `${JSON.stringify(value)} is not an allowed value of ${option}.`
  }
  return undefined
}

/** Takes the filters out of checked extra arguments, so that they can be joined with those of the command. */
export function splitFilters(args: readonly string[]): { filters: string[]; others: string[] } {
  const filters: string[] = []
  const others: string[] = []
  for (let at = 0; at < args.length; at += 1) {
    if (args[at] === '-vf' || args[at] === '-filter:v') filters.push(args[(at += 1)]!)
    else others.push(args[at]!)
  }
  return { filters, others }
}
