/** Before there is a board, and where there can be none. */
import { Boat } from './icons.tsx'
import './opening.css'

export function Opening() {
  return (
    <div className="opening" role="status">
      <Boat />
      <p>Opening the board …</p>
    </div>
  )
}

export function Trouble({ words }: { readonly words: string }) {
  return (
    <div className="opening" role="alert">
      <Boat />
      <h1>The board does not open.</h1>
      <p>{words}</p>
      <p className="buttons">
        <button type="button" className="button primary" onClick={() => location.reload()}>
          Try again
        </button>
        <a className="button" href={location.pathname}>
          A new board
        </a>
      </p>
    </div>
  )
}
