/** A run in a link, as a file, and out of one: whatever was open before stays open if it cannot be read. */
import { Run } from '@flotilla/simulator/lab'
import { type ChangeEvent, useState } from 'react'
import { lab } from '../../words/lab.ts'
import { download, figureOf, pngOf } from '../figure.ts'
import { useLab, useLabSession } from '../lab-context.ts'
import { openTrace } from '../open-trace.ts'
import { addressOfRun, traceOfRun } from '../share.ts'
import './run-files.css'

export function RunFiles() {
  const session = useLabSession()
  useLab(state => state.current)
  const [told, setTold] = useState<{ readonly text: string; readonly isError: boolean } | undefined>(undefined)
  const { run } = session
  const words = lab().files

  const share = async () => {
    if (!(run instanceof Run)) return
    const { step } = session.store.getState()
    const address = new URL(`#/lab/${await addressOfRun(run, step)}`, location.href)
    history.replaceState(history.state, '', address)
    try {
      await navigator.clipboard.writeText(address.href)
      setTold({
        text: words.copied(address.href.length),
        isError: false,
      })
    } catch {
      setTold({ text: words.inAddress, isError: false })
    }
  }
  const name = `flotilla-run-${run.setup.seed}`
  const save = () => download(new Blob([traceOfRun(run)], { type: 'application/jsonl' }), `${name}.jsonl`)
  const saveFigure = async (kind: 'svg' | 'png') => {
    const ring = document.querySelector('.ring-box svg')
    if (!(ring instanceof SVGSVGElement)) return
    const isModified = (run.modified ?? run.setup.off).length > 0
    const { step } = session.store.getState()
    const svg = figureOf(ring, words.caption(session.history.sentence(step)?.sentence.text ?? '', isModified))
    if (kind === 'svg') download(new Blob([svg], { type: 'image/svg+xml' }), `${name}.svg`)
    else download(await pngOf(svg), `${name}.png`)
  }
  const open = async (event: ChangeEvent<HTMLInputElement>) => {
    const input = event.target
    const file = input.files?.[0]
    if (file === undefined) return
    setTold({ text: words.reading(file.name), isError: false })
    const opened = await openTrace(file, share =>
      setTold({ text: words.readSoFar(file.name, Math.round(share * 100)), isError: false }),
    )
    // The same file may be chosen again, after it was mended.
    input.value = ''
    if (opened.kind === 'refused') return setTold({ text: opened.reason, isError: true })
    const { run } = opened.history
    session.openHistory(opened.history)
    const broken = run.verdicts?.filter(({ violations }) => violations.length > 0).length ?? 0
    setTold({
      text: words.opened(run.steps.length - 1, broken),
      isError: false,
    })
  }
  return (
    <section className="run-files" aria-label={words.name}>
      <div className="deeds">
        {run instanceof Run && (
          <button type="button" className="button small" onClick={() => void share()}>
            {words.share}
          </button>
        )}
        <button type="button" className="button small" onClick={save}>
          {words.save}
        </button>
        <button type="button" className="button small" onClick={() => void saveFigure('svg')}>
          {words.svg}
        </button>
        <button type="button" className="button small" onClick={() => void saveFigure('png')}>
          {words.png}
        </button>
        <label className="button small">
          {words.open}
          <input type="file" accept=".jsonl,.json,.txt" className="visually-hidden" onChange={open} />
        </label>
      </div>
      {told !== undefined && (
        <p className={told.isError ? 'run-refused' : 'panel-note'} role={told.isError ? 'alert' : 'status'}>
          {told.text}
        </p>
      )}
    </section>
  )
}
