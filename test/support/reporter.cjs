const { reporters, Runner } = require('mocha')

/** Mocha's spec report, closed by one plain line of totals that any log reader understands. */
module.exports = class Totals extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options)
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const { passes, failures, pending } = runner.stats
      console.log(`${passes} passed, ${failures} failed${pending ? `, ${pending} skipped` : ''}`)
    })
  }
}
