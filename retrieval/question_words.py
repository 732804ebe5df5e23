"""Words that make a sentence a question and say nothing of its subject."""

from __future__ import annotations

# As jieba cuts them. What is asked for ("when", "how much"), politeness, function words,
# and the frame of questions over several events ("which happened first").
CHINESE = frozenset(
    """
    什么 哪 哪个 哪些 哪里 哪一 哪一个 哪一年 哪种 哪家 哪位 哪年 哪天 哪儿 谁 多少 几 何 何时 何地
    怎么 怎样 怎么样 如何 为什么 为何 是否 多久 多大 有没有 可否 能否 到底 究竟 吗 呢 么 吧 啊
    请 请问 一下 告诉 我 我们 你 你们 他 他们 她 它 想 知道 关于 下列 以下 下面 上述
    的 了 着 过 是 在 有 和 与 及 及其 或 被 由 于 对 从 到 把 将 为 以 并 而 但 因 因为 所以 如果 则
    给 让 使 中 里 上 下 等 该 其 之 所 这 那 这个 那个 这些 那些 个 一个 种 位 次 名 家 项
    都 也 就 还 又 会 能 可以 可 做 成 出 称 没 没有 属于 具体
    事件 发生 时间 日期 顺序 先 后 先后 首先 最先 早 晚 更早 更晚 较早 较晚 最早 最晚 还是 之间 相隔 间隔
    分别 各自 同时 按照 按 当时 之前 之后 以来 截至 两个 两件 同 同一 同一个 同一天 同一年 同年 同月
    """.split()
)

# As they are written, not stemmed.
ENGLISH = frozenset(
    """
    what which who whom whose when where why how much many is are was were be been being do does did
    the a an of in on at to for by with from and or as that this these those it its has have had having
    can could will would shall should may might must there their they them he she his her him we our us
    you your i me my please tell about any some into than then so if
    """.split()
)
