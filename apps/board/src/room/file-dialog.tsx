/** The board as a file, out and in. */
import { useReplicated } from '@flotilla/react'
import { useState } from 'react'
import { boardMachine } from '../machine/board.ts'
import { boardFile, inParts, readBoardFile } from '../machine/board-file.ts'
import { Dialog } from '../shell/dialog.tsx'
import { useUi } from '../shell/ui.ts'

const MAX_BYTES = 10_000_000

export default function FileDialog() {
  const [board, mutate] = useReplicated(boardMachine)
  const openDialog = useUi(ui => ui.openDialog)
  const [problem, setProblem] = useState<string | undefined>(undefined)

  function save(): void {
    const address = URL.createObjectURL(new Blob([boardFile(board)], { type: 'application/json' }))
    const link = document.createElement('a')
    link.href = address
    link.download = `${board.title.replace(/[^\p{L}\p{N}]+/gu, '-') || 'board'}.json`
    link.click()
    setTimeout(() => URL.revokeObjectURL(address), 10_000)
  }

  async function load(file: File | undefined): Promise<void> {
    if (file === undefined) return
    try {
      if (file.size > MAX_BYTES) throw new Error('This file is larger than 10 MB, which no board is.')
      const { first, rest } = inParts(readBoardFile(await file.text()))
      mutate.importBoard(first)
      for (const cards of rest) mutate.importCards(cards)
      openDialog(undefined)
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error))
    }
  }

  return (
    <Dialog title="Export and import" onClose={() => openDialog(undefined)}>
      <p>The whole board as a file of JSON, to keep or to take elsewhere.</p>
      <p className="buttons">
        <button type="button" className="button primary" onClick={save}>
          Export the board
        </button>
      </p>
      <p>
        Importing puts the file’s board in the place of this one, for everybody. It is one change: whoever does it can
        undo it, if nobody has changed anything since and the boards are not large.
      </p>
      <label className="text">
        Import a board
        <input
          type="file"
          accept="application/json,.json"
          className="field"
          onChange={event => void load(event.target.files?.[0])}
        />
      </label>
      {problem !== undefined && (
        <p role="alert" className="problem">
          {problem} The board is as it was.
        </p>
      )}
    </Dialog>
  )
}
