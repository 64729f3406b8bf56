/**
 * `npm run crowd -- [--json] [--nodes 5,12,40,100] [--seed N]`: simulated rooms of so many real nodes; what their leader sends and
 * takes in a second when nobody writes, and with ten writes of 100 bytes a second, and how many links a node has.
 */

import { type CrowdFigures, measureCrowd, type Rate } from '../runtime/crowd.ts'
import { endWith, readArguments } from './command-line.ts'

const usage = 'crowd [--json] [--nodes 5,12,40,100] [--seed N]   (rooms of 1 to 128 nodes)'
const values = readArguments(
  {
    options: {
      json: { type: 'boolean', default: false },
      nodes: { type: 'string', default: '5,12,40,100' },
      seed: { type: 'string', default: '1' },
    },
  } as const,
  usage,
)
const sizes = values.nodes.split(',').map(Number)
if (!sizes.every(nodes => Number.isInteger(nodes) && nodes >= 1 && nodes <= 128)) endWith(usage)
const seed = Number(values.seed)
if (!Number.isSafeInteger(seed)) endWith(usage)

const all: CrowdFigures[] = []
for (const nodes of sizes) {
  const figures = await measureCrowd(nodes, seed)
  all.push(figures)
  if (!values.json) console.log(told(figures))
}
if (values.json) console.log(JSON.stringify(all))

function told(figures: CrowdFigures): string {
  const { nodes, voters, idle, writing } = figures
  return [
    `${nodes} nodes, ${voters} of which vote, one room after ${(figures.joinedAfterMs / 1_000).toFixed(1)} s`,
    `  links        a voter ${figures.mostLinksOfVoter}, a learner ${figures.mostLinksOfLearner}`,
    `  idle         the leader sends ${rate(idle.leaderOut)}, takes ${rate(idle.leaderIn)}; another sends ${rate(idle.followerOut)}`,
    `  10 writes/s  the leader sends ${rate(writing.leaderOut)}, takes ${rate(writing.leaderIn)}; another sends ${rate(writing.followerOut)}`,
  ].join('\n')
}

function rate({ messages, bytes }: Rate): string {
  return `${Math.round(messages).toLocaleString('en')} messages and ${(bytes / 1_000).toFixed(1)} kB a second`
}
