/** Makes those trace files of this folder that were not written by hand: `npx tsx --conditions=source examples/traces/make.ts`, from the repository's root. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { plantedBugs } from '../../packages/simulator/src/planted/bugs.ts'
import { hunt, optionsFor } from '../../packages/simulator/src/planted/hunt.ts'
import { record } from '../../packages/simulator/src/stories/replay.ts'
import { shrink } from '../../packages/simulator/src/stories/shrink.ts'
import { traceFile } from '../../packages/simulator/src/stories/trace-file.ts'

const save = (name: string, text: string): void =>
  writeFileSync(fileURLToPath(new URL(`${name}.jsonl`, import.meta.url)), text)

/** A short run of three nodes. */
function correct(): string {
  for (let seed = 1; ; seed++) {
    const recording = record(seed)
    const { voters, compaction } = recording.mix
    if (voters !== 3 || compaction || recording.violation !== undefined) continue
    const happenings = recording.happenings.slice(0, 400)
    return traceFile({ recording, happenings }).replace(/"title":"[^"]*"/, '"title":"three nodes, nothing broken"')
  }
}

const buggy = {
  'forgets-its-vote': 'votedFor is lost on restart',
  'longer-log-wins': 'compares log positions by index before term',
} as const

save('correct', correct())
for (const [file, name] of Object.entries(buggy)) {
  const bug = plantedBugs.find(each => each.name === name)
  if (bug === undefined) throw new Error(`no bug is called «${name}»`)
  const options = await optionsFor(bug)
  const caught = hunt(options, 1, 10_000)
  const shrunk = caught === undefined ? undefined : shrink(caught.seed, options)
  if (shrunk === undefined) throw new Error(`nothing shows «${name}»`)
  save(file, traceFile(shrunk, options, [name]))
  console.log(`${file}: seed ${shrunk.recording.seed}, ${shrunk.happenings.length} happenings`)
}
