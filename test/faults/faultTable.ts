/** What a fault cost, as measured. */
export interface FaultCost {
  readonly name: string
  readonly reaction: string
  readonly lost: number
  readonly files: number
}

/** The page of the documentation that publishes the costs of faults. */
export function faultTable(costs: readonly FaultCost[], ffmpegVersion: string): string {
  const rows = [
    ['Fault', 'What the recorder does', 'Seconds lost', 'Files'],
    ...costs.map(({ name, reaction, lost, files }) => [name, reaction, lost.toFixed(1), String(files)])
  ]
  return `# What a fault costs the recorder

A camera of the tests sends 15 pictures a second over RTSP with Digest authentication, and writes into each picture
the time at which it was taken. A continuous job records it in files of 2 s without transcoding while one fault is
injected. Lost is what the camera did send and no file holds, between the first recorded picture and the last; the
time in which the camera itself sent nothing is not counted. Every file played from beginning to end.

${alignColumns(rows)}

Measured with ${ffmpegVersion}. The pauses between tries vary by 20 %, so that many cameras do not come back at one
instant; the figures vary with them. The camera of the tests begins with a keyframe when nobody else watches it;
another may take up to one keyframe interval more. After 10 s of healthy running the pauses begin at 1 s again.

\`SIGNALBOX_WRITE_DOCS=1 npx mocha --spec test/faults/camera.test.ts\` measures again and rewrites this page.
`
}

/** A table whose first row is its head; texts to the left, the figures of the last two columns to the right. */
function alignColumns([head = [], ...rows]: readonly string[][]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)))
  const isFigure = (column: number): boolean => column >= head.length - 2
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const pad = (row: readonly string[]): string[] =>
    row.map((cell, column) =>
      isFigure(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)
    )
  const rule = widths.map((width, column) =>
    isFigure(column) ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width)
  )
  return [line(pad(head)), line(rule), ...rows.map((row) => line(pad(row)))].join('\n')
}
