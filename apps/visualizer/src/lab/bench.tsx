/** The three views of one moment, the tools beside them, and the bar of time. On a phone, one view at a time. */
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react'
import { Ledger } from '../ledger/ledger.tsx'
import { Ring } from '../ring/ring.tsx'
import { lab } from '../words/lab.ts'
import { useLab } from './lab-context.ts'
import { SidePanel } from './panels/side-panel.tsx'
import { TimeLanes } from './time-lanes.tsx'
import { Transport } from './transport.tsx'
import './lab.css'
import '../shell/view-tabs.css'

/** Fetched when two runs are compared. */
const ComparedBench = lazy(() => import('./compared-bench.tsx'))

const TABS = ['cluster', 'logs', 'time', 'tools'] as const

type View = (typeof TABS)[number]

const ICONS: Record<View, string> = {
  cluster:
    'M 10 2.5 a 2.5 2.5 0 1 1 0 5 a 2.5 2.5 0 1 1 0 -5 M 4.5 12 a 2.5 2.5 0 1 1 0 5 a 2.5 2.5 0 1 1 0 -5 M 15.5 12 a 2.5 2.5 0 1 1 0 5 a 2.5 2.5 0 1 1 0 -5 M 8.7 7.2 L 5.8 12.2 M 11.3 7.2 L 14.2 12.2 M 7 14.5 H 13',
  logs: 'M 3 4 H 8 V 8 H 3 Z M 11 4 H 16 V 8 H 11 Z M 3 12 H 8 V 16 H 3 Z',
  time: 'M 3 5 H 17 M 3 15 H 17 M 6 5 L 12 15',
  tools: 'M 3 6 H 17 M 3 14 H 17 M 7 3.5 V 8.5 M 13 11.5 V 16.5',
}

/** @param beside instead of the tools: a lesson's question */
export function Bench({ beside }: { readonly beside?: ReactNode }) {
  const [shown, setShown] = useState<View>('cluster')
  const asks = useLab(state => state.asks)
  const other = useLab(state => state.runs.find(({ id }) => id === state.beside))
  useEffect(() => {
    if (asks > 0) setShown('tools')
  }, [asks])
  return (
    <>
      {other !== undefined && beside === undefined ? (
        <div className="bench compared" data-shown={shown}>
          <Suspense fallback={null}>
            <ComparedBench other={other} />
          </Suspense>
        </div>
      ) : (
        <div className="bench" data-shown={shown} data-beside={beside === undefined ? 'tools' : 'lesson'}>
          <Ring empty={lab().nobody} />
          <Ledger />
          <TimeLanes />
          <div className="beside">{beside ?? <SidePanel />}</div>
        </div>
      )}
      <Transport />
      <nav className="view-tabs" aria-label={lab().views}>
        {TABS.map(view => (
          <button key={view} type="button" aria-current={shown === view} onClick={() => setShown(view)}>
            <svg viewBox="0 0 20 20" aria-hidden="true">
              <path d={ICONS[view]} />
            </svg>
            {lab()[view]}
          </button>
        ))}
      </nav>
    </>
  )
}
