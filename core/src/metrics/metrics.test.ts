import assert from 'node:assert/strict'
import { Counter } from './Counter.ts'
import { Histogram } from './Histogram.ts'
import { renderMetrics } from './renderMetrics.ts'

describe('Metrics', () => {
  it('are written in the text format of Prometheus, with what is special escaped', () => {
    const text = renderMetrics([
      {
        name: 'boxes',
        help: 'Boxes\nby \\colour',
        type: 'gauge',
        samples: [{ value: 1.5 }, { labels: { colour: 'a"b\\c\nd', size: 'big' }, value: Infinity }]
      },
      { name: 'none', help: 'Nothing', type: 'counter', samples: [] }
    ])
    assert.equal(
      text,
      [
        '# HELP boxes Boxes\\nby \\\\colour',
        '# TYPE boxes gauge',
        'boxes 1.5',
        'boxes{colour="a\\"b\\\\c\\nd",size="big"} +Inf',
        '# HELP none Nothing',
        '# TYPE none counter',
        ''
      ].join('\n')
    )
  })

  it('count for each set of labels', () => {
    const counter = new Counter('calls', 'Calls')
    counter.add({ route: '/a', status: '200' })
    counter.add({ route: '/a', status: '200' })
    counter.add({ route: '/b', status: '200' })
    assert.match(
      renderMetrics([counter.read()]),
      /calls\{route="\/a",status="200"\} 2\ncalls\{route="\/b",status="200"\} 1\n$/
    )
  })

  it('sort values into buckets that each hold those below', () => {
    const histogram = new Histogram('seconds', 'Time', [0.1, 1])
    for (const value of [0.1, 0.05, 0.5, 7]) histogram.observe({ route: '/a' }, value)
    assert.deepEqual(
      histogram.read().samples.map(({ suffix, labels, value }) => [suffix, labels?.['le'], value]),
      [
        ['_bucket', '0.1', 2],
        ['_bucket', '1', 3],
        ['_bucket', '+Inf', 4],
        ['_sum', undefined, 7.65],
        ['_count', undefined, 4]
      ]
    )
  })
})
