/** A board as a file of JSON, out and in again. What comes in is checked: it becomes everybody's. */
import { type Board, type Card, MAX_NOTES, MAX_TITLE } from './board.ts'

const FORMAT = 'flotilla-board'

export function boardFile(board: Board): string {
  return `${JSON.stringify({ format: FORMAT, version: 1, board }, undefined, 1)}\n`
}

/** Bytes of JSON. A change may have 256 KiB. */
const MAX_PART = 200_000

const encoder = new TextEncoder()

/** As many changes as it takes: the first is a board by itself, the others are more of its cards. */
export function inParts(board: Board): { readonly first: Board; readonly rest: readonly Board['cards'][] } {
  const parts: Record<string, Card>[] = [{}]
  let length = 0
  for (const [id, card] of Object.entries(board.cards)) {
    const more = encoder.encode(JSON.stringify([id, card])).byteLength
    if (length > 0 && length + more > MAX_PART) {
      parts.push({})
      length = 0
    }
    length += more
    const part = parts.at(-1)
    if (part !== undefined) part[id] = card
  }
  const [cards = {}, ...rest] = parts
  return { first: { ...board, cards }, rest }
}

/** A file that is no board: `message` says where it is not, for whoever chose it. */
export class NoBoard extends Error {
  override readonly name = 'NoBoard'
}

/** @throws NoBoard */
export function readBoardFile(content: string): Board {
  let file: unknown
  try {
    file = JSON.parse(content)
  } catch {
    throw new NoBoard('This file is no JSON.')
  }
  const { format, version, board } = record(file, 'the file')
  if (format !== FORMAT) throw new NoBoard('This is no exported board.')
  if (version !== 1) throw new NoBoard(`This board is of version ${String(version)}, which this page does not know.`)
  const { title, columns, cards } = record(board, 'board')
  const read: Board = {
    title: text(title, 'board.title', MAX_TITLE),
    columns: list(columns, 'board.columns', 100).map((column, i) => {
      const { id, name } = record(column, `board.columns[${i}]`)
      return { id: text(id, `board.columns[${i}].id`, 64), name: text(name, `board.columns[${i}].name`, MAX_TITLE) }
    }),
    cards: Object.fromEntries(
      Object.entries(record(cards, 'board.cards')).map(([id, card]) => [id, readCard(card, `board.cards.${id}`)]),
    ),
  }
  const ids = new Set(read.columns.map(({ id }) => id))
  for (const [id, { column }] of Object.entries(read.cards))
    if (!ids.has(column)) throw new NoBoard(`board.cards.${id}.column is a column that is not there.`)
  return read
}

function readCard(value: unknown, at: string): Card {
  const card = record(value, at)
  const { rank } = card
  if (typeof rank !== 'number' || !Number.isFinite(rank)) throw new NoBoard(`${at}.rank is no number.`)
  return {
    title: text(card.title, `${at}.title`, MAX_TITLE),
    notes: text(card.notes, `${at}.notes`, MAX_NOTES),
    column: text(card.column, `${at}.column`, 64),
    rank,
    assignee: text(card.assignee, `${at}.assignee`, MAX_TITLE),
    due: text(card.due, `${at}.due`, MAX_TITLE),
    steps: list(card.steps, `${at}.steps`, 100).map((step, i) => {
      const { id, text: what, done } = record(step, `${at}.steps[${i}]`)
      return {
        id: text(id, `${at}.steps[${i}].id`, 128),
        text: text(what, `${at}.steps[${i}].text`, MAX_TITLE),
        done: done === true,
      }
    }),
    comments: list(card.comments, `${at}.comments`, 500).map((comment, i) => {
      const { id, by, at: when, text: what } = record(comment, `${at}.comments[${i}]`)
      return {
        id: text(id, `${at}.comments[${i}].id`, 128),
        by: text(by, `${at}.comments[${i}].by`, 256),
        at: typeof when === 'number' && Number.isFinite(when) ? when : 0,
        text: text(what, `${at}.comments[${i}].text`, MAX_NOTES),
      }
    }),
    movedBy: text(card.movedBy, `${at}.movedBy`, 256),
    writtenBy: text(card.writtenBy, `${at}.writtenBy`, 256),
  }
}

function record(value: unknown, at: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new NoBoard(`${at} is no object.`)
  return { ...value }
}

function list(value: unknown, at: string, most: number): readonly unknown[] {
  if (!Array.isArray(value)) throw new NoBoard(`${at} is no list.`)
  if (value.length > most) throw new NoBoard(`${at} has more than ${most} entries.`)
  return value
}

function text(value: unknown, at: string, most: number): string {
  if (typeof value !== 'string') throw new NoBoard(`${at} is no text.`)
  if (value.length > most) throw new NoBoard(`${at} is longer than ${most} characters.`)
  return value
}
