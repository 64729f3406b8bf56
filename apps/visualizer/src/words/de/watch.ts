import type { WatchWords } from '../en/watch.ts'
import { count } from '../forms.ts'

export const words: WatchWords = {
  title: 'Raft darunter ansehen',
  of: name => `Raft unter ${name}`,
  noRoom: 'Dieser Link nennt keinen Raum. Eine Anwendung dieses Browsers, etwa das Board, hat den ganzen.',
  insecure: 'Nur eine sichere Seite findet den Knoten dieses Browsers: Öffne sie über https oder auf localhost.',
  headline: {
    opening: 'Der Knoten dieses Browsers in diesem Raum wird gesucht …',
    openingWhy: 'Ein Tab dieses Browsers, der den Raum offen hat, sagt, was er tut.',
    closed: 'Der Knoten dieses Browsers ist gegangen.',
    closedWhy: 'Öffne den Raum wieder, um ihn zurückzuholen.',
    crashed: 'Der Knoten dieses Browsers läuft nicht.',
    crashedWhy: 'Was auf seiner Platte steht, ist sicher. Der Tab, der den Raum offen hat, sagt, was im Weg ist.',
    joining: 'Der Knoten dieses Browsers bittet um Aufnahme in den Raum …',
    first: 'Der Knoten dieses Browsers ist der einzige.',
    aloneWhy: 'Was er festschreibt, steht nur auf dieser Platte. Mit drei Browsern darf jeder ausfallen.',
    member: 'Der Knoten dieses Browsers gehört zum Raum.',
  },
  nobody: 'Kein Tab dieses Browsers hat diesen Raum offen.',
  nobodyWhy: 'Öffne ihn in einem Tab neben diesem, dann sind seine Knoten hier zu sehen.',
  survives: (voters, survives) =>
    survives === 0
      ? `${count(voters, 'Browser stimmt', 'Browser stimmen')} ab; alle werden gebraucht.`
      : `${count(voters, 'Browser stimmt', 'Browser stimmen')} ab; der Raum kommt ohne ${survives === 1 ? 'einen' : survives} davon aus.`,
  through: node => `Gesehen durch den Knoten dieses Browsers, ${node}, und was die anderen ihm sagen.`,
  onlyLooks: 'Diese Seite sieht nur zu: Sie ist kein Knoten und ändert nichts.',
  back: 'Raum öffnen',
}
