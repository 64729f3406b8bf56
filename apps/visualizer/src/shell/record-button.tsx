/** Writes down what this tab sees, to be opened in the Lab: back and forth, checked, and shared as a file. */
import { useEffect, useState } from 'react'
import { useLive, useLiveContext } from '../store/live-context.ts'
import type { Recording } from '../store/recording.ts'
import { live } from '../words/live.ts'

export function RecordButton() {
  const { picture } = useLiveContext()
  const room = useLive(state => state.room)
  const [recording, setRecording] = useState<Recording | undefined>(undefined)
  useEffect(
    () => () => {
      picture.recording = undefined
    },
    [picture],
  )
  const begin = async () => {
    // Comes when it is asked for: few visits need it.
    const { Recording } = await import('../store/recording.ts')
    const begun = new Recording(picture.view, picture.now())
    picture.recording = begun
    setRecording(begun)
  }
  const end = () => {
    if (recording === undefined) return
    // What waits to be read belongs to it.
    void picture.view
    picture.recording = undefined
    setRecording(undefined)
    const address = URL.createObjectURL(new Blob([recording.text(room)], { type: 'application/jsonl' }))
    const link = document.createElement('a')
    link.href = address
    link.download = `flotilla-${room}.jsonl`
    link.click()
    URL.revokeObjectURL(address)
  }
  return (
    <button
      type="button"
      className="button quiet small"
      aria-pressed={recording !== undefined}
      title={live().record.title}
      onClick={recording === undefined ? begin : end}
    >
      {recording === undefined ? live().record.begin : live().record.end}
    </button>
  )
}
