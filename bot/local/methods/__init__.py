"""The Bot API's methods, by name in lower case (Telegram does not mind the case)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

from bot.local.methods import answering, editing, looking, presenting, sending
from bot.local.wire import Parameters
from bot.local.world import World

Method: TypeAlias = Callable[[World, Parameters], object]
"""Takes the state and the parameters of a call, and returns the JSON of its result."""

METHODS: Final[Mapping[str, Method]] = MappingProxyType(
    {
        "sendmessage": sending.send_message,
        "sendmessagedraft": sending.send_message_draft,
        "senddocument": sending.send_document,
        "sendphoto": sending.send_photo,
        "copymessage": sending.copy_message,
        "forwardmessage": sending.forward_message,
        "sendchataction": sending.send_chat_action,
        "editmessagetext": editing.edit_message_text,
        "editmessagecaption": editing.edit_message_caption,
        "editmessagemedia": editing.edit_message_media,
        "editmessagereplymarkup": editing.edit_message_reply_markup,
        "deletemessage": editing.delete_message,
        "deletemessages": editing.delete_messages,
        "pinchatmessage": editing.pin_chat_message,
        "unpinchatmessage": editing.unpin_chat_message,
        "setmessagereaction": editing.set_message_reaction,
        "answercallbackquery": answering.answer_callback_query,
        "answerinlinequery": answering.answer_inline_query,
        "getchat": looking.get_chat,
        "getchatmember": looking.get_chat_member,
        "getchatadministrators": looking.get_chat_administrators,
        "getchatmembercount": looking.get_chat_member_count,
        "leavechat": looking.leave_chat,
        "getfile": looking.get_file,
        "getme": presenting.get_me,
        "setmycommands": presenting.set_my_commands,
        "getmycommands": presenting.get_my_commands,
        "deletemycommands": presenting.delete_my_commands,
        "setmyname": presenting.set_my_name,
        "getmyname": presenting.get_my_name,
        "setmydescription": presenting.set_my_description,
        "getmydescription": presenting.get_my_description,
        "setmyshortdescription": presenting.set_my_short_description,
        "getmyshortdescription": presenting.get_my_short_description,
        "setchatmenubutton": presenting.set_chat_menu_button,
        "getchatmenubutton": presenting.get_chat_menu_button,
    }
)
"""Everything but what concerns the delivery of updates, which the server keeps to itself."""
