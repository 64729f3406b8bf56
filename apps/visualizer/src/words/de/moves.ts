import type { MovesWords } from '../en/moves.ts'
import { list, number } from '../forms.ts'

export const words: MovesWords = {
  broken: property => `${property} ist verletzt.`,
  nobodyLeads: 'Noch führt niemand.',
  firstTimer: 'Wessen Wahltimer zuerst abläuft, der bittet um Stimmen.',
  lost: (type, from, to, reason) => `${type} von ${from} an ${to} ist verloren: ${reason}.`,
  message: {
    drop: (type, from, to) => `${type} von ${from} an ${to} wird verworfen.`,
    hold: (type, from, to) => `${type} von ${from} an ${to} wird aufgehalten.`,
    release: (type, from, to) => `${type} von ${from} an ${to} wird losgelassen.`,
    delay: (type, from, to) => `${type} von ${from} an ${to} wird verzögert.`,
    duplicate: (type, from, to) => `${type} von ${from} an ${to} wird verdoppelt.`,
  },
  parted: groups => {
    const told = groups.map(list)
    const [one, other] = told
    return told.length === 2
      ? `Der Cluster ist geteilt: ${one} auf der einen Seite, ${other} auf der anderen.`
      : `Der Cluster ist in ${told.length} Gruppen geteilt: ${told.join('; ')}.`
  },
  nothingAcross: 'Nichts kommt hinüber.',
  cut: (from, to) => `Was ${from} an ${to} schickt, geht von jetzt an verloren.`,
  otherDirection: 'In der anderen Richtung geht es noch.',
  healed: (from, to) => `${from} erreicht ${to} wieder.`,
  allHealed: 'Alle Verbindungen bestehen wieder.',
  frozen: me => `${me} steht still.`,
  frozenWhy: 'Er weiß es nicht. Was ihm geschickt wird, wartet.',
  thawed: me => `${me} macht weiter.`,
  thawedWhy: 'Er traut nichts von früher.',
  clockRight: me => `Die Uhr von ${me} geht richtig.`,
  clock: (me, rate) => `Die Uhr von ${me} geht ${number(rate)}-mal so schnell.`,
  noWrite: (me, reason) => `${me} nimmt das Schreiben nicht an: ${reason}.`,
  reads: (key, me) => `Ein Client liest ${key} an ${me}.`,
  readsWhy: 'Der Leader vergewissert sich zuerst, dass er noch führt.',
  readLocally: (key, me, answer) => `Ein Client liest ${key} an ${me} und erfährt ${answer === 0 ? 'nichts' : answer}.`,
  nobodyAsked: 'Niemand sonst wurde gefragt.',
  noChange: (me, reason) => `${me} ändert die Mitglieder nicht: ${reason}.`,
  noTransfer: (me, reason) => `${me} übergibt nicht: ${reason}.`,
  noSnapshot: (me, reason) => `${me} macht keinen Snapshot: ${reason}.`,
  appeared: me => `${me} ist da und gehört noch zu nichts.`,
  canBeAdded: 'Ein Leader kann ihn aufnehmen.',
  emptied: me => `${me} ist zurück, mit leerer Platte.`,
  emptiedWhy: 'Raft setzt voraus, dass eine Platte behält, was auf sie geschrieben wurde.',
  refusals: {
    notLeader: 'er ist nicht der Leader',
    otherLeads: leader => `nicht er ist der Leader, sondern ${leader}`,
    handingOver: to => `er übergibt gerade an ${to}`,
    overloaded: 'zu viel ist noch nicht festgeschrieben',
    notVoter: 'jener Knoten hat keine Stimme',
    self: 'er führt schon',
    noTarget: 'es gibt niemanden, an den er übergeben könnte',
    lagging: 'jener Knoten war zuletzt nicht zu hören',
    notNewer: 'sein Snapshot hat das alles schon',
    notApplied: 'er hat das noch nicht angewandt',
    inFlight: index => `die Änderung bei Eintrag ${index} ist noch nicht festgeschrieben`,
    ownTerm: 'noch ist kein Eintrag seiner Amtszeit festgeschrieben',
    invalid: 'eine solche Änderung hat hier keinen Sinn',
  },
}
