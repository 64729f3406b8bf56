/** Who is in the room: people where they said a name, and what their nodes do. */
import { useClusterStatus } from '@flotilla/react'
import { useState } from 'react'
import { useSession } from '../room/room-context.ts'
import { Crown, Face, Icon } from '../shell/icons.tsx'
import { useMyName } from './my-name.ts'
import { useNames } from './people-present.ts'
import './members.css'

export function Members() {
  const { members } = useClusterStatus()
  const { watchAddress } = useSession()
  const people = useNames()
  const mine = useMyName(my => my.name)
  const voters = members.filter(({ voter }) => voter).length
  return (
    <section className="card members" aria-label="Members">
      <div className="head">
        <h2>Members</h2>
        {voters > 0 && (
          <span>
            {Math.floor(voters / 2) + 1} of {voters} must agree
          </span>
        )}
      </div>
      <ul>
        {members.map(({ id, name, voter, connected, leads, isSelf }) => {
          const person = (isSelf ? mine : people.get(id)) || name
          return (
            <li key={id} className={`${isSelf ? 'you' : ''} ${leads ? 'leads' : ''}`}>
              <Face name={person} />
              <bdi className="name">{person}</bdi>
              {isSelf && <em>you</em>}
              <span className="tail">
                {leads && <Crown />}
                {leads ? 'leader' : connected ? (voter ? '' : 'does not vote') : 'out of reach'}
              </span>
            </li>
          )
        })}
      </ul>
      <a className="underneath" href={watchAddress} target="_blank" rel="noopener">
        <Icon name="raft" />
        Watch Raft underneath
        <span className="visually-hidden"> (opens a tab)</span>
        <Icon name="arrow" small />
      </a>
      <MyName />
    </section>
  )
}

function MyName() {
  const { name, setName } = useMyName()
  const [text, setText] = useState(name)
  return (
    <form
      className="my-name"
      onSubmit={event => {
        event.preventDefault()
        setName(text)
      }}
    >
      <label>
        Your name
        <input
          className="field"
          value={text}
          maxLength={40}
          dir="auto"
          placeholder="How others see you"
          onChange={event => setText(event.target.value)}
          onBlur={() => setName(text)}
        />
      </label>
    </form>
  )
}
