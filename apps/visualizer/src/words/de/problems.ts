import type { ProblemsWords } from '../en/problems.ts'

const unopened = 'Versuch es noch einmal; wenn das nicht hilft, starte den Browser neu.'
const current = 'Aktualisiere ihn, oder öffne den Raum in einem aktuellen Chrome, Edge, Firefox oder Safari.'
const reload = 'Lade die Seite neu.'
const soon = 'Versuch es gleich noch einmal.'

export const words: ProblemsWords = {
  unwritable: 'Das kann nicht geschrieben werden.',
  unexpected: 'Etwas Unerwartetes ist schiefgegangen.',
  reload,
  cluster: {
    InvalidRoom: {
      title: 'Der Name dieses Raums ist nicht brauchbar.',
      advice:
        'Ein Name hat 1 bis 64 Buchstaben, Ziffern, - und _. Ändere ihn in der Adresse, oder nimm einen neuen Raum.',
    },
    AlreadyExists: { title: 'Diesen Raum gibt es schon.', advice: 'Öffne ihn stattdessen.' },
    Timeout: {
      title: 'Keine Antwort in der erlaubten Zeit.',
      advice: 'Ist eine Mehrheit erreichbar? Sobald sie es ist, kann es noch festgeschrieben werden.',
    },
    NotLeader: {
      title: 'Kein Leader hat es angenommen.',
      advice: 'Es hat keine Wirkung. Versuch es noch einmal, sobald es einen Leader gibt.',
    },
    Overloaded: {
      title: 'Zu viel ist unterwegs.',
      advice: 'Es hat keine Wirkung. Warte einen Moment, dann schreib noch einmal.',
    },
    TooLarge: { title: 'Das ist zu lang für einen Eintrag.', advice: 'Schreib etwas Kürzeres.' },
    InvalidOptions: {
      title: 'Das wurde auf eine Weise verlangt, die keinen Sinn hat.',
      advice: 'Nichts wurde geschickt. Lade die Seite neu.',
    },
    InvalidCommand: {
      title: 'Das kann nicht geschrieben werden.',
      advice: 'Nichts wurde geschickt. Schreib etwas anderes.',
    },
    Rejected: { title: 'Die Zustandsmaschine hat es abgelehnt.', advice: 'Es hatte auf keinem Knoten eine Wirkung.' },
    ResultLost: {
      title: 'Es ist geschrieben, aber die Antwort ist verloren.',
      advice: 'Lies den Wert, um ihn zu sehen.',
    },
    MachineFailed: {
      title: 'Dieser Knoten kann den Zustand des Raums nicht übernehmen.',
      advice: 'Vielleicht haben andere Tabs eine neuere Version dieser Seite. Lade sie neu.',
    },
    Diverged: {
      title: 'Dieser Knoten hat sich angehalten: Sein Zustand ist ein anderer als der der anderen.',
      advice:
        'Der Raum macht mit den anderen weiter, und nichts ist verloren. Lade die Seite neu: Sie ist vielleicht älter als ihre. Hält er wieder an, lösch, was dieser Browser für diese Website gespeichert hat, und öffne den Link des Raums neu.',
    },
    LeftBehind: {
      title: 'Der Raum hat ohne diesen Knoten weitergemacht.',
      advice:
        'Jemand hat die Fehlenden aufgegeben. Was nur dieser Knoten hat, ist nicht im Raum und wird gelöscht, wenn du wieder beitrittst, als neuer Knoten.',
    },
    MembershipRefused: { title: 'Die Mitglieder können jetzt nicht geändert werden.', advice: soon },
    RoomFull: {
      title: 'Dieser Raum ist voll.',
      advice: 'Er hat so viele Mitglieder, wie ein Raum haben darf. Nimm einen neuen Raum.',
    },
    TransferRefused: { title: 'Die Führung kann jetzt nicht übergeben werden.', advice: soon },
    SessionExpired: {
      title: 'Dieser Knoten war zu lange fort.',
      advice: 'Ob das Schreiben gewirkt hat, lässt sich nicht sagen: Lies den Wert, dann entscheide.',
    },
    Crashed: {
      title: 'Der Knoten dieses Tabs ist abgestürzt.',
      advice: 'Starte ihn neu. Es kann noch festgeschrieben werden.',
    },
    Closed: { title: 'Dieser Knoten hat den Raum verlassen.', advice: reload },
    StorageFailed: {
      title: 'Dieser Browser lässt den Knoten nichts speichern.',
      advice: 'Verlass das private Surfen, oder erlaube dieser Seite zu speichern; dann versuch es noch einmal.',
    },
    TransportFailed: { title: 'Kein anderer Tab ist zu erreichen.', advice: unopened },
    OpenTimeout: { title: 'Der Raum ging nicht rechtzeitig auf.', advice: unopened },
    Aborted: { title: 'Das Öffnen des Raums wurde abgebrochen.', advice: 'Versuch es noch einmal.' },
    NodesDamaged: {
      title: 'Was dieser Browser von dem Raum gespeichert hat, ist nicht lesbar.',
      advice:
        'Nichts wurde geändert, und Tabs anderer Browser machen ohne ihn weiter. Ein neuer Raum beginnt von vorn.',
    },
  },
  unanswered: {
    title: 'Von diesem Raum ist noch niemand da.',
    advice: 'Lass diese Seite offen: Sie tritt bei, sobald jemand da ist. Oder frag, wer dir den Link gab.',
  },
  foundAnew: {
    title: 'Diesen Raum neu anlegen?',
    advice: 'Nur wenn er für immer verloren ist: Er beginnt leer und wird nie eins mit dem alten.',
  },
  late: {
    lock: {
      title: 'Ein anderer Tab dieses Browsers hält die Tür des Raums.',
      advice:
        'Er hat angefangen, den Raum zu öffnen, und macht nicht weiter. Schließ die anderen Tabs des Raums, die nicht antworten, dann versuch es noch einmal.',
    },
    disk: {
      title: 'Die Datenbank dieses Browsers antwortet nicht.',
      advice:
        'Was gespeichert ist, ist nicht verloren. Schließ die anderen Tabs des Raums und versuch es noch einmal; wenn das nicht hilft, starte den Browser neu.',
    },
    transport: {
      title: 'Der Weg zu den anderen Tabs geht nicht auf.',
      advice:
        'Der Server ist nicht zu erreichen, oder jemand aus dem Raum wurde eben getrennt und wird erwartet. Nichts ist verloren: Versuch es in einer Minute noch einmal.',
    },
  },
  storage: {
    Fenced: {
      title: 'Ein anderer Tab hat diesen Knoten übernommen.',
      advice: 'Lade die Seite neu, um ein anderer Knoten zu werden.',
    },
    QuotaExceeded: {
      title: 'Auf der Platte ist kein Platz mehr.',
      advice: 'Die Platte oder der Anteil dieser Seite daran ist voll. Mach Platz, dann versuch es noch einmal.',
    },
    Unavailable: {
      title: 'Die Datenbank dieses Knotens ist weg oder nicht benutzbar.',
      advice:
        'Sie wurde gelöscht, oder der Browser hat sie geschlossen oder verbietet sie. Lade die Seite neu: Sie öffnet, was da ist, oder wird ein neuer Knoten.',
    },
    Corrupt: {
      title: 'Die Datenbank dieses Knotens ist nicht lesbar.',
      advice:
        'Lade die Seite neu, um als anderer Knoten weiterzumachen. Die anderen Knoten des Raums bleiben, wie sie sind.',
    },
    NewerVersion: {
      title: 'Eine neuere Version dieser Seite hat diesen Raum gespeichert.',
      advice: 'Lade die Seite neu, um jene Version zu bekommen. Nichts wurde geändert.',
    },
    Exists: { title: 'Diesen Knoten gibt es schon.', advice: reload },
    Closed: { title: 'Die Datenbank dieses Knotens wurde geschlossen.', advice: reload },
  },
  transport: {
    Unsupported: {
      title: 'Kein anderer Tab ist zu erreichen.',
      advice:
        'Dieser Browser, eine Einstellung oder eine Erweiterung verbietet WebRTC-Verbindungen. Erlaube sie, dann lade neu.',
    },
    KeyReplaced: {
      title: 'Dieser Link führt nicht mehr in den Raum.',
      advice:
        'Jemand wurde entfernt, und seither hat der Raum einen neuen Link. Frag jemanden im Raum danach, oder nimm einen neuen Raum.',
    },
    SignalingFailed: {
      title: 'Die Tabs dieses Raums finden einander nicht.',
      advice:
        'Der Weg, auf dem sie es tun, ein Kanal des Browsers oder ein Server, geht nicht auf. Es wird weiter versucht.',
    },
    Timeout: { title: 'Der Weg zu den anderen Tabs geht nicht auf.', advice: 'Es wird weiter versucht.' },
    Aborted: { title: 'Der Weg zu den anderen Tabs wurde aufgegeben.', advice: reload },
    Closed: { title: 'Der Weg zu den anderen Tabs ist zu.', advice: reload },
  },
  somebody: 'Jemand im Raum',
  obstacles: {
    SignalingUnreachable: {
      title: () => 'Der Server, über den sich die Browser des Raums finden, ist nicht zu erreichen.',
      advice:
        'Ist dieses Gerät im Netz, und läuft der Server? Es wird weiter versucht. Wer schon verbunden ist, macht weiter.',
    },
    Silent: {
      title: who => `${who} antwortet nicht.`,
      advice: 'Der Tab ist vielleicht zu oder schläft. Es wird weiter versucht.',
    },
    NoCandidates: {
      title: () => 'Dieser Browser nennt anderen keine Adresse, unter der er zu erreichen ist.',
      advice:
        'Eine Einstellung oder Erweiterung verbietet es, oder es ist nur ein Relay (TURN) erlaubt, und keines antwortet. WebRTC erlauben oder die Adresse des Relays prüfen.',
    },
    Blocked: {
      title: who => `${who} und dieser Browser erreichen sich nicht.`,
      advice:
        'Eine Firewall oder ein Netz, das seine Geräte trennt, lässt nichts durch. Dasselbe Netz nehmen, einen Server, der vermittelt, oder einen TURN-Server.',
    },
    WrongCredentials: {
      title: () => 'Das Relay (der TURN-Server) weist Namen und Passwort dieser Seite ab.',
      advice: 'Wer die Seite betreibt, muss ihr die richtigen geben (flotilla-ice). Danach neu laden.',
    },
    OtherVersion: {
      title: who => `${who} hat eine andere Version dieser Seite.`,
      advice: 'Die Seite hier und dort neu laden, damit beide die neueste haben.',
    },
    Impostor: {
      title: who => `Wer als ${who} antwortet, kann es nicht beweisen.`,
      advice:
        'Ihm wurde nichts gesagt. Jemand mit dem Link oder dazwischen gibt sich für einen anderen aus: einen neuen Raum öffnen.',
    },
  },
  removed: {
    title: 'Dieser Knoten wurde aus dem Raum entfernt.',
    advice:
      'Wer ihn entfernt hat, kann ihn wieder einlassen. Bis dahin bleibt er draußen; ein neuer Raum steht allen offen.',
  },
  waiting: {
    title: 'Du wartest auf Einlass.',
    advice: code =>
      `Jemand im Raum muss zustimmen. Dessen Seite fragt danach und zeigt den Code dieser hier. Er ist ${code}.`,
  },
  refused: {
    title: 'Du wurdest nicht eingelassen.',
    advice: 'Jemand im Raum wurde gefragt und hat Nein gesagt. Frag dort nach, oder nimm einen neuen Raum.',
  },
  invariant: {
    title: 'Dieser Knoten hat sich angehalten: Eine von Rafts eigenen Regeln galt nicht.',
    advice:
      'Das ist ein Fehler in diesem Programm; was festgeschrieben ist, ist bei den anderen sicher. Lade die Seite neu, um weiterzumachen.',
  },
  misbehaves: {
    title: 'Ein Mitglied dieses Raums sendet, was kein Knoten sendet.',
    advice:
      'Dieser Tab hört nicht mehr auf es, und der Raum macht weiter. Es kann eine andere Version dieser Seite sein oder jemand, der Böses will: Findet heraus, wessen es ist, und entfernt es.',
  },
  twoClusters: {
    title: 'Diesen Raum gibt es zweimal.',
    advice:
      'Jemand in Reichweite gehört zu einem anderen Cluster davon, entstanden, als die beiden einander nicht erreichten. Sie mischen sich nicht: Einigt euch auf einen und schließt die Tabs des anderen, oder geht zusammen in einen neuen Raum.',
  },
  damaged: {
    title: 'Etwas, was dieser Browser von dem Raum gespeichert hat, ist nicht lesbar.',
    advice:
      'Es wurde übergangen, und dieser Tab macht ohne es weiter; was festgeschrieben ist, ist bei den anderen. Lösch es, oder behalte es für jemanden, der nachsehen kann.',
  },
  lacks: {
    secure: {
      title: 'Unter dieser Adresse kann hier kein Knoten laufen.',
      advice:
        'Über einfaches http gibt ein Browser einer Seite weder Locks noch Kryptografie. Öffne sie über https, oder auf ihrem eigenen Rechner als localhost.',
    },
    locks: {
      title: 'Dieser Browser hat keine Web Locks, und zwei Tabs könnten derselbe Knoten werden.',
      advice: current,
    },
    database: {
      title: 'Dieser Browser hat keine IndexedDB, und ein Knoten darf nicht vergessen.',
      advice:
        'Verlass das private Surfen, erlaube dieser Seite zu speichern, oder öffne den Raum in einem anderen Browser.',
    },
    webRtc: {
      title: 'Kein anderer Tab ist zu erreichen: Dieser Browser hat kein WebRTC.',
      advice: 'Er selbst, eine Einstellung oder eine Erweiterung hat WebRTC ausgeschaltet. Erlaube es, dann lade neu.',
    },
    broadcastChannel: {
      title: 'Die Tabs dieses Raums finden einander nicht: Dieser Browser hat keinen BroadcastChannel.',
      advice: current,
    },
  },
}
