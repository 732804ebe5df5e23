"""Methods that put a message into a chat: text, documents, photos, copies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bot.local import pictures
from bot.local.files import LARGEST_PHOTO, LARGEST_UPLOAD, StoredFile
from bot.local.keyboards import reply_markup
from bot.local.refusals import refuse
from bot.local.texts import as_fields, caption, draft_text, message_text
from bot.local.topics import in_topic, thread_of
from bot.local.wire import JsonObject, Parameters, Upload, text_of

if TYPE_CHECKING:
    from bot.local.chats import Chat
    from bot.local.world import World

DRAFT_LIFETIME: Final = 30
"""Seconds a draft is shown."""

PREVIEW_FLAGS: Final = ("is_disabled", "prefer_small_media", "prefer_large_media", "show_above_text")
ACTIONS: Final = frozenset(
    f"{verb}_{thing}"
    for verb, thing in (
        ("upload", "photo"),
        ("record", "video"),
        ("upload", "video"),
        ("record", "voice"),
        ("upload", "voice"),
        ("upload", "document"),
        ("choose", "sticker"),
        ("find", "location"),
        ("record", "video_note"),
        ("upload", "video_note"),
    )
) | {"typing"}


def send_message(world: World, parameters: Parameters) -> JsonObject:
    """`sendMessage`."""
    chat = _writable(world, parameters)
    content = as_fields(message_text(parameters))
    content |= preview(parameters)
    return _send(world, chat, parameters, content)


def send_message_draft(world: World, parameters: Parameters) -> bool:
    """`sendMessageDraft`: shown in a private chat until a message comes, or for half a minute."""
    chat = _writable(world, parameters)
    draft_id = parameters.integer("draft_id")
    if not draft_id:
        refuse("draft_id must be non-zero")
    if not chat.is_private:
        refuse("message drafts can be sent only to private chats")
    _thread(chat, parameters)
    until = world.timestamp() + DRAFT_LIFETIME
    chat.draft = {"draft_id": draft_id, "until": until} | as_fields(draft_text(parameters))
    world.changes.tell("draft", chat_id=chat.id, draft=chat.draft)
    return True


def send_document(world: World, parameters: Parameters) -> JsonObject:
    """`sendDocument`."""
    chat = _writable(world, parameters)
    file = _file(world, parameters, "document", LARGEST_UPLOAD)
    document = file.as_json() | {"file_name": file.name, "mime_type": file.mime_type}
    return _send(world, chat, parameters, {"document": document} | _caption(parameters))


def send_photo(world: World, parameters: Parameters) -> JsonObject:
    """`sendPhoto`."""
    chat = _writable(world, parameters)
    return _send(world, chat, parameters, photo(world, parameters) | _caption(parameters))


def photo(world: World, parameters: Parameters) -> JsonObject:
    """The picture of a call that sends one, as a message has it."""
    file = _file(world, parameters, "photo", LARGEST_PHOTO)
    size = pictures.size(file.content)
    if size is None:
        refuse("IMAGE_PROCESS_FAILED")
    if sum(size) > pictures.LARGEST_SUM or max(size) > pictures.LARGEST_RATIO * min(size):
        refuse("PHOTO_INVALID_DIMENSIONS")
    return {"photo": [file.as_json() | {"width": size[0], "height": size[1]}]}


def copy_message(world: World, parameters: Parameters) -> JsonObject:
    """`copyMessage`: the same content as a message of the bot's own."""
    chat = _writable(world, parameters)
    source = _source(world, parameters, "message to copy not found")
    content = _content(source)
    if parameters.has("caption") and "text" not in source:
        content = {name: value for name, value in content.items() if not name.startswith("caption")}
        content |= _caption(parameters)
    return {"message_id": _send(world, chat, parameters, content)["message_id"]}


def forward_message(world: World, parameters: Parameters) -> JsonObject:
    """`forwardMessage`: the same content with a note of where it comes from."""
    chat = _writable(world, parameters)
    source = _source(world, parameters, "message to forward not found")
    return _send(world, chat, parameters, _content(source) | {"forward_origin": origin(world, source)})


def send_chat_action(world: World, parameters: Parameters) -> bool:
    """`sendChatAction`."""
    chat = world.chat_named(parameters)
    chat.check_writable()
    action = parameters.text("action")
    if action not in ACTIONS:
        refuse("wrong parameter action in request")
    thread_id = _thread(chat, parameters)
    chat.action = action
    world.changes.tell("action", chat_id=chat.id, action=action, thread_id=thread_id)
    return True


def origin(world: World, source: JsonObject) -> JsonObject:
    """Where a forwarded message comes from; a person who hides it is named only."""
    if earlier := source.get("forward_origin"):
        return dict(earlier)
    sender = source["from"]
    if any(person.id == sender["id"] and person.hides_forwards for person in world.cast.people):
        return {"type": "hidden_user", "date": source["date"], "sender_user_name": sender["first_name"]}
    return {"type": "user", "date": source["date"], "sender_user": sender}


def _writable(world: World, parameters: Parameters) -> Chat:
    chat = world.chat_named(parameters)
    chat.check_writable()
    return chat


def _send(world: World, chat: Chat, parameters: Parameters, content: JsonObject) -> JsonObject:
    """Put the content into the chat, with what every kind of message can carry."""
    markup = reply_markup(parameters)
    reply = _reply(world, chat, parameters)
    # An answer stands in the topic of what it answers, unless the call names another.
    thread_id = _thread(chat, parameters) or thread_of(reply.get("reply_to_message"))
    content = content | in_topic(chat, thread_id) | reply
    if markup and "inline_keyboard" in markup:
        content["reply_markup"] = markup
    if parameters.boolean("protect_content"):
        content["has_protected_content"] = True
    world.floods.count(chat.id)
    if markup and "inline_keyboard" not in markup:
        chat.keyboard = None if "remove_keyboard" in markup else markup
        world.changes.tell("keyboard", chat_id=chat.id, keyboard=chat.keyboard)
    return world.post(chat, world.bot.as_user(), content)


def _thread(chat: Chat, parameters: Parameters) -> int | None:
    """The topic a call names; the general one has no number."""
    thread_id = parameters.integer("message_thread_id")
    if not thread_id:
        return None
    if thread_id not in chat.topics:
        refuse("message thread not found")
    return thread_id


def _reply(world: World, chat: Chat, parameters: Parameters) -> JsonObject:
    """The message answered, by `reply_parameters` or by the older parameters."""
    reply = parameters.json_object("reply_parameters")
    message_id = reply.get("message_id", parameters.integer("reply_to_message_id"))
    if not message_id:
        return {}
    lenient = bool(
        reply.get("allow_sending_without_reply", parameters.boolean("allow_sending_without_reply"))
    )
    elsewhere = str(reply.get("chat_id", chat.id)) != str(chat.id)
    quoted = None if elsewhere or not isinstance(message_id, int) else world.quoted(chat, message_id)
    if quoted is None:
        if not lenient:
            refuse("message to be replied not found")
        return {}
    fields: JsonObject = {"reply_to_message": quoted}
    if quote := text_of(reply, "quote"):
        position = str(quoted.get("text", quoted.get("caption", ""))).find(quote)
        if position < 0:
            refuse("QUOTE_TEXT_INVALID")
        fields["quote"] = {"text": quote, "position": position, "is_manual": True}
    return fields


def preview(parameters: Parameters) -> JsonObject:
    """How the links of a text are previewed, with only what Telegram knows of it."""
    given = parameters.json_object("link_preview_options")
    options: JsonObject = {name: bool(given[name]) for name in PREVIEW_FLAGS if given.get(name)}
    if url := text_of(given, "url"):
        options["url"] = url
    if not options and parameters.boolean("disable_web_page_preview"):
        options = {"is_disabled": True}
    return {"link_preview_options": options} if options else {}


def _caption(parameters: Parameters) -> JsonObject:
    formatted = caption(parameters)
    return as_fields(formatted, "caption", "caption_entities") if formatted.text else {}


def _file(world: World, parameters: Parameters, name: str, largest: int) -> StoredFile:
    """The file a call sends: uploaded, or known by its id."""
    upload: Upload | None = parameters.upload(name)
    if upload is None:
        reference = parameters.text(name)
        if not reference:
            refuse(f"there is no {name} in the request")
        if reference.startswith(("http://", "https://")):
            # The local server fetches nothing from anywhere.
            refuse("failed to get HTTP URL content")
        return world.files.by_id(reference)
    if not upload.content:
        refuse("file must be non-empty")
    if len(upload.content) > largest:
        refuse(f"file is too big for a {name}")
    return world.files.keep(upload, f"{name}s")


def _source(world: World, parameters: Parameters, missing: str) -> JsonObject:
    source = world.chat_named(parameters, "from_chat_id").message(parameters.integer("message_id"))
    if source is None:
        refuse(missing)
    return source


def _content(source: JsonObject) -> JsonObject:
    names = ("text", "entities", "document", "photo", "voice", "sticker", "caption", "caption_entities")
    return {name: source[name] for name in names if name in source}
