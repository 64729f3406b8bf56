/** The Lab as a host of the picture: its run at the cursor is what the ring and the logs show. */
import { type ReactNode, useMemo } from 'react'
import { useStore } from 'zustand'
import { StageContext, setStage } from '../stage/stage.ts'
import { LabContext } from './lab-context.ts'
import { RunMovement } from './movement.ts'
import type { LabSession } from './session.ts'
import { termsAlone } from './terms-alone.ts'
import { votersInCell } from './voters-in-cell.ts'

export function LabStage({ session, children }: { readonly session: LabSession; readonly children: ReactNode }) {
  const isRecording = useStore(session.store, () => session.run.title !== undefined)
  const stage = useMemo(() => {
    return setStage({
      cluster: session.cluster,
      focus: session.focus,
      movement: new RunMovement(session),
      oneWay: true,
      inCell: votersInCell,
      termsAlone,
      // Nothing can be done to what was.
      actions: isRecording
        ? undefined
        : {
            setCut: (links, cut) => {
              for (const [from, to] of links) session.act({ type: cut ? 'cut' : 'heal', from, to })
            },
            crash: node => session.act({ type: 'crash', node, flushed: false }),
            restart: node => session.act({ type: 'restart', node, emptied: false }),
            pickMessage: id => session.pick(id),
          },
    })
  }, [session, isRecording])
  return (
    <LabContext value={session}>
      <StageContext value={stage}>{children}</StageContext>
    </LabContext>
  )
}
