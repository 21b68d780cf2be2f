// What a person does in rooms, and what this client then shows them. Devices and trust belong in session.mjs.

import { Direction, EventType, MsgType, RelationType } from "matrix-js-sdk";
import { EventShieldColour, EventShieldReason } from "matrix-js-sdk/lib/crypto-api/index.js";

import { synced } from "./session.mjs";

/** Makes a private room, encrypted from its first event on unless `encrypted` is false. */
export async function create({ client }, { name, invite, encrypted }) {
    const content = { algorithm: "m.megolm.v1.aes-sha2" };
    const encryption = { type: EventType.RoomEncryption, state_key: "", content };
    const { room_id: room } = await client.createRoom({
        name,
        invite,
        preset: "private_chat",
        initial_state: encrypted ? [encryption] : [],
    });
    await inside(client, room);
    return { room };
}

export async function invite({ client }, { room, user }) {
    await client.invite(room, user);
}

export async function invites({ client }) {
    return client
        .getRooms()
        .filter((room) => room.getMyMembership() === "invite")
        .map((room) => room.roomId);
}

export async function acceptInvites(session) {
    const rooms = await invites(session);
    for (const room of rooms) await join(session, { room });
    return rooms;
}

export async function join({ client }, { room }) {
    await client.joinRoom(room);
    await inside(client, room);
}

export async function leave({ client }, { room }) {
    await client.leave(room);
}

export async function members({ client }, { room }) {
    const known = roomOf(client, room);
    await known.loadMembersIfNeeded();
    return known.getMembers().map(({ userId, membership, name }) => ({ user: userId, membership, name }));
}

export async function say({ client }, { room, text, replyTo, thread, mentions }) {
    roomOf(client, room);
    const content = message(text, mentions);
    const answered = replyTo ?? thread;
    if (answered) content["m.relates_to"] = { "m.in_reply_to": { event_id: answered } };
    if (thread) {
        const inThread = { rel_type: RelationType.Thread, event_id: thread, is_falling_back: !replyTo };
        Object.assign(content["m.relates_to"], inThread);
    }
    return sent(client.sendMessage(room, content));
}

export async function edit({ client }, { room, event, text }) {
    const relation = { rel_type: RelationType.Replace, event_id: event };
    const content = { ...message(`* ${text}`), "m.new_content": message(text), "m.relates_to": relation };
    return sent(client.sendMessage(room, content));
}

export async function react({ client }, { room, event, key }) {
    const relation = { rel_type: RelationType.Annotation, event_id: event, key };
    return sent(client.sendEvent(room, EventType.Reaction, { "m.relates_to": relation }));
}

export async function redact({ client }, { room, event }) {
    return sent(client.redactEvent(room, event));
}

/** The room's messages, oldest first, in one flat list: edits applied, threads named by their root. */
export async function read({ client }, { room }) {
    const known = roomOf(client, room);
    const shown = [];
    for (const event of known.getLiveTimeline().getEvents()) {
        const isMessage = [EventType.RoomMessage, EventType.RoomMessageEncrypted].includes(event.getType());
        const isSent = event.getId().startsWith("$");
        const isEdit = event.isRelation(RelationType.Replace);
        if (isMessage && isSent && !isEdit) shown.push(await show(client, known, event));
    }
    return shown;
}

async function show(client, room, event) {
    if (event.isBeingDecrypted()) await event.getDecryptionPromise();
    const failed = event.isDecryptionFailure();
    const redacted = event.isRedacted();
    const content = failed || redacted ? {} : event.getContent();
    return {
        event_id: event.getId(),
        sender: event.getSender(),
        body: content.body ?? null,
        formatted_body: content.formatted_body ?? null,
        msgtype: content.msgtype ?? null,
        mentions: content["m.mentions"]?.user_ids ?? [],
        mentions_room: content["m.mentions"]?.room ?? false,
        reply_to: event.replyEventId ?? null,
        thread: event.threadRootId ?? null,
        edited: Boolean(event.replacingEvent()),
        redacted,
        encrypted: event.isEncrypted(),
        decrypted: event.isEncrypted() && !failed && !redacted,
        failure_code: event.decryptionFailureReason,
        shield: await shield(client, event),
        session: event.getWireContent().session_id ?? null,
        reactions: reactions(room, event),
    };
}

/** The mark beside a message: "none", or such as "grey: UNSIGNED_DEVICE"; null when nothing was decrypted. */
async function shield(client, event) {
    const info = await client.getCrypto().getEncryptionInfoForEvent(event);
    if (!info) return null;
    const colour = EventShieldColour[info.shieldColour].toLowerCase();
    return info.shieldReason === null ? colour : `${colour}: ${EventShieldReason[info.shieldReason]}`;
}

function reactions(room, event) {
    const { Annotation } = RelationType;
    const known = room.relations.getChildEventsForEvent(event.getId(), Annotation, EventType.Reaction);
    const byKey = (known?.getSortedAnnotationsByKey() ?? []).filter(([, events]) => events.size);
    const sendersOf = (events) => [...events].map((each) => each.getSender()).sort();
    return Object.fromEntries(byKey.map(([key, events]) => [key, sendersOf(events)]));
}

function roomOf(client, room) {
    const known = client.getRoom(room);
    if (!known) throw new Error(`this client is not in the room ${room}`);
    return known;
}

/**
 * Returns when the sync has brought this client's own joining. What an invitation showed of the room is not enough: until
 * then the client asks for the members as of a moment at which it was not in yet, and is refused.
 */
async function inside(client, room) {
    await synced(client, () => {
        const known = client.getRoom(room);
        const state = known?.getLiveTimeline().getState(Direction.Forward);
        const isKnown = Boolean(state?.getStateEvents(EventType.RoomCreate, ""));
        const ours = state?.getStateEvents(EventType.RoomMember, client.getUserId());
        return isKnown && ours?.getContent().membership === "join" && known.getMyMembership() === "join";
    });
}

function message(body, mentions = []) {
    const mentioned = mentions.length ? { user_ids: mentions } : {};
    return { msgtype: MsgType.Text, body, "m.mentions": mentioned };
}

async function sent(answer) {
    return { event: (await answer).event_id };
}
