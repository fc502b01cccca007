/**
 * The texts about the connection that people read, in the languages that the client knows, and the sentence for each reason
 * for which a page can be lost. `docs/appearance.rst` has the keys: applications replace texts by them.
 */

import { hasOwn } from "./natives.js";

const EN = {
    interrupted: "Connection interrupted. Reconnecting…",
    connected: "Connected again.",
    unreachable: "This page could not connect to the server. It tries again by itself; what you do here waits until then.",
    offline: "Your device seems to be offline.",
    blocked: "The server answers, but the network in between lets no live connection pass.",
    silent: "The server does not answer.",
    lost: "The connection to the server is lost.",
    reason: "The reason: {reason}.",
    goOn: "Reload the page to go on; what you typed here is kept until then.",
    soon: "The page reloads by itself in a moment.",
    reload: "Reload",
    later: "Not now",
    hide: "Hide",
    aside: "Not connected",
    expired: "The page was opened too long ago.",
    forgotten: "The server does not know this page any more: it was restarted, or the page was without a connection for too long.",
    closed: "The page was closed.",
    away: "The page was without a connection for too long.",
    shutdown: "The server is being shut down or restarted.",
    busy: "Too many pages are open at present.",
    slow: "The connection is too slow for what this page receives.",
    elsewhere: "The page has been opened in another tab or window.",
    refused: "The server does not allow this page any more. You may have to log in again.",
    outdated: "The server has been updated.",
    mistake: "The page and the server did not understand each other.",
    error: "Error",
    failed: "Your action could not be completed because an error occurred. {error} (when calling {method})",
    close: "Click here to close.",
    unhandled: "This did not work.",
    reference: "The server had an error. Reference: {reference}",
};

const DE = {
    interrupted: "Die Verbindung ist unterbrochen und wird wiederhergestellt …",
    connected: "Wieder verbunden.",
    unreachable: "Diese Seite konnte sich nicht mit dem Server verbinden. Sie versucht es weiter; was Sie hier tun, wartet so lange.",
    offline: "Ihr Gerät scheint offline zu sein.",
    blocked: "Der Server antwortet, aber das Netz dazwischen lässt keine dauernde Verbindung zu.",
    silent: "Der Server antwortet nicht.",
    lost: "Die Verbindung zum Server ist verloren.",
    reason: "Der Grund: {reason}.",
    goOn: "Laden Sie die Seite neu, um fortzufahren; was Sie hier eingegeben haben, bleibt bis dahin erhalten.",
    soon: "Die Seite wird gleich von selbst neu geladen.",
    reload: "Neu laden",
    later: "Nicht jetzt",
    hide: "Ausblenden",
    aside: "Nicht verbunden",
    expired: "Die Seite wurde vor zu langer Zeit geöffnet.",
    forgotten: "Der Server kennt diese Seite nicht mehr: Er wurde neu gestartet, oder die Seite war zu lange ohne Verbindung.",
    closed: "Die Seite wurde geschlossen.",
    away: "Die Seite war zu lange ohne Verbindung.",
    shutdown: "Der Server wird beendet oder neu gestartet.",
    busy: "Zurzeit sind zu viele Seiten offen.",
    slow: "Die Verbindung ist zu langsam für das, was diese Seite empfängt.",
    elsewhere: "Die Seite wurde in einem anderen Tab oder Fenster geöffnet.",
    refused: "Der Server lässt diese Seite nicht mehr zu. Vielleicht müssen Sie sich neu anmelden.",
    outdated: "Der Server wurde aktualisiert.",
    mistake: "Die Seite und der Server haben einander nicht verstanden.",
    error: "Fehler",
    failed: "Die Aktion ist fehlgeschlagen. {error} (beim Aufruf von {method})",
    close: "Schließen",
    unhandled: "Das hat nicht funktioniert.",
    reference: "Auf dem Server ist ein Fehler aufgetreten. Referenz: {reference}",
};

const FR = {
    interrupted: "Connexion interrompue. Reconnexion en cours…",
    connected: "Connexion rétablie.",
    unreachable: "Cette page n’a pas pu se connecter au serveur. Elle réessaie d’elle-même ; ce que vous faites ici attend jusque-là.",
    offline: "Votre appareil semble hors ligne.",
    blocked: "Le serveur répond, mais le réseau ne laisse passer aucune connexion permanente.",
    silent: "Le serveur ne répond pas.",
    lost: "La connexion au serveur est perdue.",
    reason: "La raison : {reason}.",
    goOn: "Rechargez la page pour continuer ; ce que vous avez saisi ici est conservé jusque-là.",
    soon: "La page va se recharger d’elle-même.",
    reload: "Recharger",
    later: "Pas maintenant",
    hide: "Masquer",
    aside: "Non connecté",
    expired: "La page a été ouverte il y a trop longtemps.",
    forgotten: "Le serveur ne connaît plus cette page : il a redémarré, ou la page est restée trop longtemps sans connexion.",
    closed: "La page a été fermée.",
    away: "La page est restée trop longtemps sans connexion.",
    shutdown: "Le serveur s’arrête ou redémarre.",
    busy: "Trop de pages sont ouvertes en ce moment.",
    slow: "La connexion est trop lente pour ce que cette page reçoit.",
    elsewhere: "La page a été ouverte dans un autre onglet ou une autre fenêtre.",
    refused: "Le serveur n’autorise plus cette page. Il faut peut-être vous reconnecter.",
    outdated: "Le serveur a été mis à jour.",
    mistake: "La page et le serveur ne se sont pas compris.",
    error: "Erreur",
    failed: "Votre action a échoué à cause d’une erreur. {error} (lors de l’appel de {method})",
    close: "Fermer",
    unhandled: "Cela n’a pas fonctionné.",
    reference: "Une erreur s’est produite sur le serveur. Référence : {reference}",
};

/** By the language's code. */
export const LANGUAGES = { en: EN, de: DE, fr: FR };

// What athenalite itself gives as a reason, on either side. Another reason is the application's, which wrote it for people.
const REASONS = [
    [/^the page never connected$/, "expired"],
    [/^too many pages were opened and not connected$/, "busy"],
    [/^unknown page$/, "forgotten"],
    [/^the page was closed$/, "closed"],
    [/^the page was away for more than /, "away"],
    [/^the server is shutting down$/, "shutdown"],
    [/^the page has fallen too far behind$/, "slow"],
    [/^this page is open elsewhere$|^a newer socket of the same page/, "elsewhere"],
    [/^not authorized$|^refused by the server$/, "refused"],
    [/^a protocol version that this server does not/, "outdated"],
    [/^there can be no socket/, "silent"],
    [/^the page is lost$/, ""],
];

// Close codes that are sent for errors of the protocol only, whose reason is for developers.
const PROTOCOL_ERRORS = [1002, 1003, 1007, 1008, 1009, 1011];

/**
 * The key of the sentence that explains why a page is lost.
 * @param {string} reason
 * @param {number} [code] the close code, if it is known
 * @returns {string | null} an empty one if there is nothing to explain; null if the reason is the application's
 */
export function keyOfReason(reason, code) {
    const [, key] = REASONS.find(([pattern]) => pattern.test(reason)) ?? [null, PROTOCOL_ERRORS.includes(code) ? "mistake" : null];
    return reason ? key : "";
}

// The keys of reasons for which a page that was never connected is lost only because it is old, or a copy.
const REMEDIED = ["expired", "forgotten", "closed", "busy", "elsewhere", "outdated"];

/** Whether a reload remedies that a page which was never connected is lost for `reason`. */
export function isRemedied(reason) {
    return REMEDIED.includes(keyOfReason(reason));
}

/**
 * A text in the language of the document, English if that is not known.
 * @param {Document} document
 * @param {Record<string, string>} own the application's texts, which are preferred
 * @param {string} key
 * @param {Record<string, unknown>} [values] what is put in for `{name}`
 */
export function textOf(document, own, key, values = {}) {
    const [code] = (document.documentElement?.getAttribute("lang") ?? "").toLowerCase().split("-");
    const texts = hasOwn(LANGUAGES, code) ? LANGUAGES[code] : EN;
    const text = hasOwn(own, key) ? own[key] : texts[key] ?? "";
    return String(text).replace(/\{(\w+)\}/g, (whole, name) => (hasOwn(values, name) ? String(values[name]) : whole));
}
