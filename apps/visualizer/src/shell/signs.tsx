/** What every mark of the picture means, in the order of the page: for whoever shows it. */
import type { ReactNode } from 'react'
import { CrownMark, CutMark, MessageMark, PresenceMark, RelayedMark } from '../ring/shapes.tsx'
import { picture } from '../words/picture.ts'
import { signs } from '../words/signs.ts'

export function Signs() {
  const words = signs()
  return (
    <>
      <Marks title={words.nodes}>
        <Mark sign={<i className="sample disc">3</i>}>{words.disc}</Mark>
        <Mark sign={<CrownMark />}>{words.leader}</Mark>
        <Mark sign={<i className="sample candidate" />}>{words.candidate}</Mark>
        <Mark sign={<i className="sample candidate pre" />}>{words.preCandidate}</Mark>
        <Mark sign={<i className="sample timer" />}>{words.timer}</Mark>
        <Mark sign={<i className="sample learner">L</i>}>{words.learner}</Mark>
        <Mark sign={<i className="sample learner">…</i>}>{words.joining}</Mark>
        <Mark sign={<PresenceMark presence="crashed" />}>{words.crashed}</Mark>
        <Mark sign={<PresenceMark presence="closed" />}>{words.closed}</Mark>
        <Mark sign={<PresenceMark presence="unreachable" />}>{words.unreachable}</Mark>
        <Mark sign={<CutMark />}>{words.cut}</Mark>
        <Mark sign={<RelayedMark />}>{words.relayed}</Mark>
        <Mark sign={<i className="sample light" />}>{words.light}</Mark>
      </Marks>
      <Marks title={words.logs}>
        <Mark sign={<i className="sample committed">4</i>}>{words.committed}</Mark>
        <Mark sign={<i className="sample uncommitted">4</i>}>{words.uncommitted}</Mark>
        <Mark sign={<i className="sample volatile">4</i>}>{words.volatile}</Mark>
        <Mark sign={<i className="sample hatched" />}>{words.hatched}</Mark>
        <Mark sign={<i className="sample commit" />}>{words.commitIndex}</Mark>
        <Mark sign={<i className="sample match" />}>{words.matchIndex}</Mark>
        <Mark sign={<i className="sample next-index" />}>{words.nextIndex}</Mark>
        <Mark sign={<i className="sample end" />}>{words.end}</Mark>
        <Mark sign={<em>{picture().entries.noop}</em>}>{words.noop}</Mark>
        <Mark sign={<em>{words.votersSign}</em>}>{words.voters}</Mark>
        <Mark sign={<em>{picture().entries.session}</em>}>{words.session}</Mark>
      </Marks>
      <Marks title={words.messages}>
        <Mark sign={<MessageMark kind="append" />}>{words.append}</Mark>
        <Mark sign={<MessageMark kind="heartbeat" />}>{words.heartbeat}</Mark>
        <Mark sign={<MessageMark kind="vote" />}>{words.vote}</Mark>
        <Mark sign={<MessageMark kind="snapshot" />}>{words.snapshot}</Mark>
        <Mark sign={<MessageMark kind="other" />}>{words.other}</Mark>
        <Mark sign={<MessageMark kind="append" answer />}>{words.answer}</Mark>
        <Mark sign={<MessageMark kind="append" lost />}>{words.lost}</Mark>
      </Marks>
    </>
  )
}

function Marks({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl>{children}</dl>
    </section>
  )
}

function Mark({ sign, children }: { readonly sign: ReactNode; readonly children: ReactNode }) {
  return (
    <div>
      <dt aria-hidden="true">{sign}</dt>
      <dd>{children}</dd>
    </div>
  )
}
