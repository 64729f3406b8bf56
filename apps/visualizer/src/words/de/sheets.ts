import type { SheetWords } from '../en/sheets.ts'
import { list } from '../forms.ts'

export const words: SheetWords = {
  keysTitle: 'Tasten',
  shortcuts: 'Tastenkürzel aus einer Taste benutzen',
  keys: {
    select: 'Einen Knoten wählen',
    crash: 'Den gewählten Knoten abstürzen lassen oder neu starten',
    cutOff: 'Den gewählten Knoten abtrennen oder seine Verbindungen heilen',
    heal: 'Alle Verbindungen heilen',
    slower: 'Langsamer',
    faster: 'Schneller',
    write: 'Einen Wert schreiben',
    add: 'Einen Knoten hinzufügen',
    list: 'Alle Knoten auflisten',
    leave: 'Ein Feld verlassen, dann den eigenen Knoten zeigen',
    theme: 'Hell oder dunkel',
    help: 'Diese Hilfe',
  },
  code: {
    shared: {
      before: 'Wer diesen Link öffnet, in ',
      strong: 'einem beliebigen Browser in diesem Netz',
      after:
        ', wird ein weiterer Knoten. Der Link enthält den Schlüssel des Raums: Gib ihn niemandem, der nicht hinein soll.',
    },
    own: {
      before: 'Jeder Tab und jedes Fenster ',
      strong: 'dieses Browsers',
      after:
        ', das diesen Link öffnet, wird ein weiterer Knoten. Tabs finden einander im Browser: Auf einem anderen Gerät öffnet derselbe Link einen eigenen Cluster.',
    },
    none: { before: 'Es gibt keinen Code zum Scannen: ', after: ' meint auf jedem Rechner einen anderen.' },
  },
  goOn: {
    forSure: 'Ohne sie weitermachen',
    onlyIf:
      'Nur wenn das, was sie gespeichert haben, für immer verloren ist. Sonst warte, öffne ihre Tabs wieder oder starte sie neu: Dann macht der Raum von selbst weiter, und nichts ist verloren.',
    costs:
      'Der Raum macht mit dem Log dieses Tabs weiter, mit diesem Knoten allein. Was nur die anderen hatten, ist verloren, auch wenn es festgeschrieben war; was nur hier steht, ist damit festgeschrieben.',
    told: 'Wer von ihnen zurückkommt, erfährt, dass er zurückgelassen wurde, und kann als neuer Knoten wieder beitreten.',
    twice: 'Laufen sie irgendwo, von hier aus nicht zu sehen, dann gibt es zwei Räume, die nie wieder einer werden.',
    left: names =>
      `Auch ${list(names)} ${names.length === 1 ? 'muss' : 'müssen'} wieder beitreten. Tu das nur in einem Tab: in dem mit dem längsten Log.`,
    raft: 'Raft selbst kennt keinen solchen Weg: Was eine Minderheit allein tut, könnte eine Mehrheit anders entschieden haben. Darum ist es ein anderer Cluster, und sein Log sagt das.',
    refused: (title, advice) => `${title} ${advice} Der Raum ist, wie er war.`,
    nobody: 'Genug von ihnen sind wieder da: Niemand muss aufgegeben werden.',
  },
}
