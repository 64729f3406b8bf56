/** What every mark of the picture means, in the order of the page: for whoever shows it. */
import type { ReactNode } from 'react'
import { CrownMark, CutMark, MessageMark, PresenceMark } from '../ring/shapes.tsx'

export function Signs() {
  return (
    <>
      <Marks title="Nodes">
        <Mark sign={<i className="sample disc">3</i>}>The number and the colour are the node’s term.</Mark>
        <Mark sign={<CrownMark />}>The leader, with a heavy ring. Others follow it.</Mark>
        <Mark sign={<i className="sample candidate" />}>
          A candidate. Its votes are dots beside it: filled for yes, crossed for no, empty while the answer is out.
        </Mark>
        <Mark sign={<i className="sample candidate pre" />}>
          Finely dotted: it only asks whether it could win (pre-vote).
        </Mark>
        <Mark sign={<i className="sample timer" />}>
          The election timer: when it is empty, the node campaigns. In slow motion the one that runs out next is dark.
        </Mark>
        <Mark sign={<i className="sample learner">L</i>}>A learner: gets the log, but does not vote yet.</Mark>
        <Mark sign={<i className="sample learner">…</i>}>Not a member yet: it asks to be let in.</Mark>
        <Mark sign={<PresenceMark presence="crashed" />}>Crashed. Its disk is safe.</Mark>
        <Mark sign={<PresenceMark presence="closed" />}>Its tab was closed, with a goodbye.</Mark>
        <Mark sign={<PresenceMark presence="unreachable" />}>Out of reach, without a goodbye.</Mark>
        <Mark sign={<CutMark />}>A link that was cut. Drag from node to node to cut and to heal.</Mark>
        <Mark sign={<i className="sample light" />}>At the top right, a light for each voter: filled if in reach.</Mark>
      </Marks>
      <Marks title="Logs">
        <Mark sign={<i className="sample committed">4</i>}>Committed. The number is its term.</Mark>
        <Mark sign={<i className="sample uncommitted">4</i>}>
          On this disk, but not committed: it may still vanish.
        </Mark>
        <Mark sign={<i className="sample volatile">4</i>}>Not on disk yet: a crash now would lose it.</Mark>
        <Mark sign={<i className="sample hatched" />}>A snapshot, or entries from before this tab could watch.</Mark>
        <Mark sign={<i className="sample commit" />}>commitIndex: how far this node knows it to be committed.</Mark>
        <Mark sign={<i className="sample match" />}>matchIndex: the last entry that the leader knows to be here.</Mark>
        <Mark sign={<i className="sample next-index" />}>nextIndex: the entry that the leader sends next.</Mark>
        <Mark sign={<i className="sample end" />}>The log ends here, before others do.</Mark>
        <Mark sign={<em>no-op</em>}>A leader begins its term with it, so that older entries can commit.</Mark>
        <Mark sign={<em>voters</em>}>A configuration: from here on these nodes vote.</Mark>
        <Mark sign={<em>session</em>}>
          A node’s session begins: its writes are numbered, so that none takes effect twice.
        </Mark>
      </Marks>
      <Marks title="Messages">
        <Mark sign={<MessageMark kind="append" />}>AppendEntries, with entries.</Mark>
        <Mark sign={<MessageMark kind="heartbeat" />}>A heartbeat: AppendEntries without entries.</Mark>
        <Mark sign={<MessageMark kind="vote" />}>A request for a vote, or a pre-vote.</Mark>
        <Mark sign={<MessageMark kind="snapshot" />}>A piece of a snapshot.</Mark>
        <Mark sign={<MessageMark kind="other" />}>
          ReadIndex before a read, or TimeoutNow when leadership is handed over.
        </Mark>
        <Mark sign={<MessageMark kind="append" answer />}>Hollow: the answer.</Mark>
        <Mark sign={<MessageMark kind="append" lost />}>Stopped half-way and faint: lost.</Mark>
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
