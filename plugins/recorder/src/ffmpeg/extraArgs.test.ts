import assert from 'node:assert/strict'
import { checkExtraArgs, splitFilters } from './extraArgs.ts'

describe('checkExtraArgs', () => {
  const allowed = [
    [],
    ['-an'],
    ['-r', '12.5', '-g', '50', '-crf', '23'],
    ['-b:v', '2M', '-maxrate', '2500k', '-bufsize', '4M'],
    ['-preset', 'veryfast', '-profile:v', 'high', '-pix_fmt', 'yuv420p'],
    ['-vf', 'scale=640:-2,fps=5,transpose=1,hflip'],
    ['-vf', 'crop=iw/2:ih/2:0:0']
  ]
  for (const args of allowed) {
    it(`takes ${JSON.stringify(args)}`, () => assert.equal(checkExtraArgs(args), undefined))
  }

  const refused: [string[], RegExp][] = [
    [['/etc/passwd'], /"\/etc\/passwd"/],
    [['-i', '/etc/passwd'], /"-i"/],
    [['-f', 'tee'], /"-f"/],
    [['-y', 'out.mp4'], /"-y"/],
    [['-an', 'out.mp4'], /"out\.mp4"/],
    [['-r', '25', '-map', '0'], /"-map"/],
    [['-r'], /-r needs a value/],
    [['-crf', '-i'], /"-i" is not an allowed value of -crf/],
    [['-vf', 'movie=/etc/passwd'], /movie/],
    [['-vf', "drawtext=textfile='/etc/passwd'"], /drawtext/],
    [['-vf', 'scale=640:-2;movie=x'], /movie/],
    [['-vf', 'scale=/w=/etc/passwd'], /allowed value of -vf/],
    [['-vf', 'subtitles=x.srt'], /subtitles/],
    [['-preset', '../x'], /allowed value of -preset/],
    [['-progress', 'http://evil/'], /"-progress"/],
    [['-vf', ''], /allowed value of -vf/]
  ]
  for (const [args, sentence] of refused) {
    it(`refuses ${JSON.stringify(args)}`, () => assert.match(checkExtraArgs(args) ?? '', sentence))
  }

  it('gives filters and other arguments apart', () => {
    assert.deepEqual(splitFilters(['-r', '5', '-vf', 'hflip', '-an']), {
      filters: ['hflip'],
      others: ['-r', '5', '-an']
    })
  })
})
