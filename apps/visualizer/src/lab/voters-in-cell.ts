/** Who votes by an entry, in few enough letters for its cell: in lessons on membership that is the topic. Pure. */
import type { EntrySummary } from '@flotilla/core'
import { picture } from '../words/picture.ts'
import './voters-in-cell.css'

/** `lines`: how many there are for it. `undefined` of other entries, and of voters that have no numbers. */
export function votersInCell({ kind, text }: Pick<EntrySummary, 'kind' | 'text'>, lines: number): string | undefined {
  if (kind !== 'configuration' || !/^S\d+( (→ )?S\d+)*$/.test(text)) return
  const brief = `S${text.split(' → ').map(runs).join('→')}`
  return lines === 2 ? picture().entries.voters(brief) : brief
}

/** "S1 S2 S3 S5" as "1–3,5". */
function runs(names: string): string {
  const numbers = names.split(' ').map(name => Number(name.slice(1)))
  const isInside = (n: number): boolean => numbers.includes(n - 1) && numbers.includes(n + 1)
  return numbers
    .map(n => (isInside(n) ? '–' : n))
    .join()
    .replace(/,(–,)+/g, '–')
}
