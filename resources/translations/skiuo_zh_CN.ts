<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en_US">
<context>
    <name>Application</name>
    <message>
        <source>Something went wrong inside Skiuo: {0}. The log in {1} has the details.</source>
        <translation>Skiuo 内部出错：{0}。详情见 {1} 中的日志。</translation>
    </message>
    <message>
        <source>Something went wrong inside Skiuo: {0}. The log has the details.</source>
        <translation>Skiuo 内部出错：{0}。详情见日志。</translation>
    </message>
</context>
<context>
    <name>AttemptsTable</name>
    <message>
        <source>Sent at</source>
        <translation>发送时间</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Billed</source>
        <translation>计费</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>用时</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>Bridge</name>
    <message>
        <source>Something went wrong inside Skiuo: {0}. The log has the details.</source>
        <translation>Skiuo 内部出错：{0}。详情见日志。</translation>
    </message>
</context>
<context>
    <name>CardInput</name>
    <message>
        <source>Play from here</source>
        <translation>从这里播放</translation>
    </message>
    <message>
        <source>Analyse again</source>
        <translation>重新分析</translation>
    </message>
    <message>
        <source>What was sent</source>
        <translation>发送了什么</translation>
    </message>
    <message>
        <source>Copy text</source>
        <translation>复制文字</translation>
    </message>
</context>
<context>
    <name>CardList</name>
    <message>
        <source>your marker</source>
        <translation>你的标记</translation>
    </message>
</context>
<context>
    <name>ChecksPanel</name>
    <message>
        <source>Before you start</source>
        <translation>开始之前</translation>
    </message>
</context>
<context>
    <name>ColumnNames</name>
    <message>
        <source>Recording</source>
        <translation>录像</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>找到</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>费用</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
</context>
<context>
    <name>Deleting</name>
    <message>
        <source>1 window in it has not been described by any model.</source>
        <translation>其中有 1 个窗口还没有任何模型描述过。</translation>
    </message>
    <message>
        <source>{0} windows in it have not been described by any model.</source>
        <translation>其中有 {0} 个窗口还没有任何模型描述过。</translation>
    </message>
    <message>
        <source>Delete {0}</source>
        <translation>删除 {0}</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Delete “{0}”?</source>
        <translation>删除“{0}”？</translation>
    </message>
    <message>
        <source>Delete {0} recordings?</source>
        <translation>删除 {0} 段录像？</translation>
    </message>
    <message>
        <source>{0} of video and all text about it.</source>
        <translation>{0} 的视频以及关于它的全部文字。</translation>
    </message>
    <message>
        <source>The files go to the trash; the text is gone.</source>
        <translation>文件会移到回收站；文字将不再保留。</translation>
    </message>
    <message>
        <source>There is no trash here: both are gone for good.</source>
        <translation>这里没有回收站：两者都会被永久删除。</translation>
    </message>
    <message>
        <source>1 recording deleted, {0}</source>
        <translation>已删除 1 段录像，{0}</translation>
    </message>
    <message>
        <source>{0} recordings deleted, {1}</source>
        <translation>已删除 {0} 段录像，{1}</translation>
    </message>
</context>
<context>
    <name>Export</name>
    <message>
        <source>Markers</source>
        <translation>标记</translation>
    </message>
</context>
<context>
    <name>Files</name>
    <message>
        <source>{0} could not be written: {1}.</source>
        <translation>无法写入 {0}：{1}。</translation>
    </message>
</context>
<context>
    <name>FilterBar</name>
    <message>
        <source>Filters ({0})</source>
        <translation>筛选 ({0})</translation>
    </message>
    <message>
        <source>Filters</source>
        <translation>筛选</translation>
    </message>
</context>
<context>
    <name>FollowPill</name>
    <message>
        <source>End</source>
        <translation>End</translation>
    </message>
    <message>
        <source>Following the player</source>
        <translation>跟随播放</translation>
    </message>
    <message>
        <source>Back to what plays</source>
        <translation>回到正在播放处</translation>
    </message>
    <message>
        <source>Follow newest</source>
        <translation>跟随最新</translation>
    </message>
    <message>
        <source>{0} new</source>
        <translation>{0} 条新内容</translation>
    </message>
</context>
<context>
    <name>Format</name>
    <message>
        <source>{0} h {1} min</source>
        <translation>{0} 小时 {1} 分</translation>
    </message>
    <message>
        <source>{0} h</source>
        <translation>{0} 小时</translation>
    </message>
    <message>
        <source>{0} min {1} s</source>
        <translation>{0} 分 {1} 秒</translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation>{0} 分钟</translation>
    </message>
    <message>
        <source>{0} s</source>
        <translation>{0} 秒</translation>
    </message>
    <message>
        <source>free</source>
        <translation>免费</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>{0}, {1}</source>
        <translation>{0} {1}</translation>
    </message>
</context>
<context>
    <name>Ledger</name>
    <message>
        <source>under way</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>finished by itself</source>
        <translation>自然结束</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>prompt</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>Went to</source>
        <translation>发往</translation>
    </message>
    <message>
        <source>Clip</source>
        <translation>片段</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>字节</translation>
    </message>
    <message>
        <source>Frames measured</source>
        <translation>测量的帧</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>帧</translation>
    </message>
    <message>
        <source>Frames a second</source>
        <translation>每秒帧数</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Lines known before</source>
        <translation>先前已知的行</translation>
    </message>
    <message>
        <source>Options</source>
        <translation>选项</translation>
    </message>
    <message>
        <source>nobody: it was read on this device</source>
        <translation>没有发给任何人：在本机读取</translation>
    </message>
</context>
<context>
    <name>LedgerPanel</name>
    <message>
        <source>What was sent</source>
        <translation>发送了什么</translation>
    </message>
    <message>
        <source>Window before (Alt+↑)</source>
        <translation>上一个窗口 (Alt+↑)</translation>
    </message>
    <message>
        <source>Window after (Alt+↓)</source>
        <translation>下一个窗口 (Alt+↓)</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>关闭 (Esc)</translation>
    </message>
    <message>
        <source>Keys are never part of this record</source>
        <translation>密钥从不写入此记录</translation>
    </message>
    <message>
        <source>Copy all</source>
        <translation>全部复制</translation>
    </message>
    <message>
        <source>Analyse again</source>
        <translation>重新分析</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>已发送</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>Attempts</source>
        <translation>尝试</translation>
    </message>
    <message>
        <source>Why it failed</source>
        <translation>失败原因</translation>
    </message>
    <message>
        <source>Tokens in</source>
        <translation>输入词元</translation>
    </message>
    <message>
        <source>Tokens out</source>
        <translation>输出词元</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>费用</translation>
    </message>
    <message>
        <source>First words</source>
        <translation>首词</translation>
    </message>
    <message>
        <source>In all</source>
        <translation>总计</translation>
    </message>
    <message>
        <source>No raw answer was kept.</source>
        <translation>没有保留原始响应。</translation>
    </message>
    <message>
        <source>Raw answer</source>
        <translation>原始响应</translation>
    </message>
    <message>
        <source>Attempt {0}, {1}</source>
        <translation>第 {0} 次尝试，{1}</translation>
    </message>
</context>
<context>
    <name>LevelMeter</name>
    <message>
        <source>Level of the microphone</source>
        <translation>麦克风音量</translation>
    </message>
</context>
<context>
    <name>Library</name>
    <message>
        <source>Recording</source>
        <translation>录制中</translation>
    </message>
    <message>
        <source>Damaged</source>
        <translation>已损坏</translation>
    </message>
    <message>
        <source>Analysing {0} of {1}</source>
        <translation>正在分析 {0} / {1}</translation>
    </message>
    <message>
        <source>{0} of {1} failed</source>
        <translation>{1} 个中 {0} 个失败</translation>
    </message>
    <message>
        <source>Not analysed</source>
        <translation>未分析</translation>
    </message>
    <message>
        <source>No text</source>
        <translation>没有文字</translation>
    </message>
    <message>
        <source>Done, {0} skipped</source>
        <translation>已完成，跳过 {0} 个</translation>
    </message>
    <message>
        <source>Measured on this device</source>
        <translation>在本机测量</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>1 recording</source>
        <translation>1 段录像</translation>
    </message>
    <message>
        <source>{0} recordings</source>
        <translation>{0} 段录像</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>昨天</translation>
    </message>
    <message>
        <source>Any date</source>
        <translation>任何日期</translation>
    </message>
    <message>
        <source>Any model</source>
        <translation>任何模型</translation>
    </message>
    <message>
        <source>Any state</source>
        <translation>任何状态</translation>
    </message>
    <message>
        <source>Any source</source>
        <translation>任何来源</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>最近 7 天</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>最近 30 天</translation>
    </message>
    <message>
        <source>Something failed</source>
        <translation>有失败</translation>
    </message>
    <message>
        <source>Being analysed</source>
        <translation>正在分析</translation>
    </message>
    <message>
        <source>Newest first</source>
        <translation>最新优先</translation>
    </message>
    <message>
        <source>Oldest first</source>
        <translation>最早优先</translation>
    </message>
    <message>
        <source>Longest first</source>
        <translation>最长优先</translation>
    </message>
    <message>
        <source>Largest first</source>
        <translation>最大优先</translation>
    </message>
    <message>
        <source>1 hit</source>
        <translation>1 处命中</translation>
    </message>
    <message>
        <source>{0} hits</source>
        <translation>{0} 处命中</translation>
    </message>
    <message>
        <source>1 passage</source>
        <translation>1 段文字</translation>
    </message>
    <message>
        <source>{0} passages</source>
        <translation>{0} 段文字</translation>
    </message>
    <message>
        <source>{0} in {1}</source>
        <translation>{1}中的{0}</translation>
    </message>
</context>
<context>
    <name>LibraryHead</name>
    <message>
        <source>Library</source>
        <translation>资料库</translation>
    </message>
    <message>
        <source>New recording</source>
        <translation>新录制</translation>
    </message>
</context>
<context>
    <name>LibraryPage</name>
    <message>
        <source>The library cannot be read</source>
        <translation>无法读取资料库</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Searched titles, notes and the text of {0}.</source>
        <translation>已搜索标题、备注和{0}的文字。</translation>
    </message>
    <message>
        <source>{0} have no text yet.</source>
        <translation>{0}还没有文字。</translation>
    </message>
    <message>
        <source>Filters are in force.</source>
        <translation>筛选正在生效。</translation>
    </message>
    <message>
        <source>Nothing says “{0}”</source>
        <translation>没有内容提到“{0}”</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>清除搜索</translation>
    </message>
    <message>
        <source>No recording is like that</source>
        <translation>没有这样的录像</translation>
    </message>
    <message>
        <source>Looked through {0}.</source>
        <translation>已查看{0}。</translation>
    </message>
    <message>
        <source>Clear the filters</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Watch</source>
        <translation>观看</translation>
    </message>
    <message>
        <source>Unselect</source>
        <translation>取消选择</translation>
    </message>
    <message>
        <source>Select</source>
        <translation>选择</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
</context>
<context>
    <name>LibraryView</name>
    <message>
        <source>Recordings</source>
        <translation>录像</translation>
    </message>
</context>
<context>
    <name>MarkerList</name>
    <message>
        <source>No markers. Press M while recording to set one.</source>
        <translation>没有标记。录制时按 M 添加。</translation>
    </message>
</context>
<context>
    <name>Narrative</name>
    <message>
        <source>attempt {0}</source>
        <translation>第 {0} 次</translation>
    </message>
    <message>
        <source>Now playing</source>
        <translation>正在播放</translation>
    </message>
    <message>
        <source>What had arrived: “{0}…”</source>
        <translation>已收到：“{0}……”</translation>
    </message>
    <message>
        <source>first words after {0}</source>
        <translation>{0}后出现首词</translation>
    </message>
    <message>
        <source>Analyse anyway</source>
        <translation>仍要分析</translation>
    </message>
    <message>
        <source>What was sent</source>
        <translation>发送了什么</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Copy text</source>
        <translation>复制文字</translation>
    </message>
    <message>
        <source>Analyse again</source>
        <translation>重新分析</translation>
    </message>
    <message>
        <source>Raw answer</source>
        <translation>原始响应</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Show raw answer</source>
        <translation>查看原始响应</translation>
    </message>
    <message>
        <source>Planned</source>
        <translation>计划中</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>录制中</translation>
    </message>
    <message>
        <source>Queued</source>
        <translation>排队中</translation>
    </message>
    <message>
        <source>Analysing</source>
        <translation>分析中</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>已跳过</translation>
    </message>
    <message>
        <source>planned</source>
        <translation>计划中</translation>
    </message>
    <message>
        <source>recording</source>
        <translation>录制中</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>排队中</translation>
    </message>
    <message>
        <source>analysing</source>
        <translation>分析中</translation>
    </message>
    <message>
        <source>done</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>已跳过</translation>
    </message>
    <message>
        <source>The key was refused.</source>
        <translation>密钥被拒绝。</translation>
    </message>
    <message>
        <source>Too many requests this minute.</source>
        <translation>本分钟请求过多。</translation>
    </message>
    <message>
        <source>The quota of the day is used up.</source>
        <translation>今日配额已用完。</translation>
    </message>
    <message>
        <source>The account cannot pay.</source>
        <translation>账户无法付费。</translation>
    </message>
    <message>
        <source>There is no such model.</source>
        <translation>没有这个模型。</translation>
    </message>
    <message>
        <source>The model refused this window.</source>
        <translation>模型拒绝了这个窗口。</translation>
    </message>
    <message>
        <source>The clip is too large for this model.</source>
        <translation>片段对这个模型来说太大。</translation>
    </message>
    <message>
        <source>The model could not fetch the clip.</source>
        <translation>模型无法取得片段。</translation>
    </message>
    <message>
        <source>The server is busy.</source>
        <translation>服务器繁忙。</translation>
    </message>
    <message>
        <source>The server could not be reached.</source>
        <translation>无法连接服务器。</translation>
    </message>
    <message>
        <source>The answer took too long.</source>
        <translation>响应用时过长。</translation>
    </message>
    <message>
        <source>The answer was empty.</source>
        <translation>响应为空。</translation>
    </message>
    <message>
        <source>The answer stopped half-way.</source>
        <translation>回答中途中断。</translation>
    </message>
    <message>
        <source>The answer could not be understood.</source>
        <translation>无法理解响应。</translation>
    </message>
    <message>
        <source>This part of the recording could not be read.</source>
        <translation>无法读取录像的这一部分。</translation>
    </message>
    <message>
        <source>Skiuo ended while the answer was arriving.</source>
        <translation>接收响应时 Skiuo 已退出。</translation>
    </message>
    <message>
        <source>Something went wrong inside Skiuo.</source>
        <translation>Skiuo 内部出错。</translation>
    </message>
    <message>
        <source>Offline measurer</source>
        <translation>离线测量器</translation>
    </message>
    <message>
        <source>Measured and read on this device</source>
        <translation>在本机测量并读取</translation>
    </message>
    <message>
        <source>Waiting for the first word</source>
        <translation>等待首词</translation>
    </message>
    <message>
        <source>Nobody asked for an analysis.</source>
        <translation>没有要求分析。</translation>
    </message>
    <message>
        <source>The analysis was cancelled.</source>
        <translation>分析已取消。</translation>
    </message>
    <message>
        <source>{0} → {1} tokens</source>
        <translation>{0} → {1} 词元</translation>
    </message>
    <message>
        <source>{0}  {1}: {2}</source>
        <translation>{0}  {1}：{2}</translation>
    </message>
    <message>
        <source>The source was lost at {0}.</source>
        <translation>来源在 {0} 丢失。</translation>
    </message>
    <message>
        <source>No picture came for {1} at {0}.</source>
        <translation>在 {0} 有 {1}没有画面。</translation>
    </message>
    <message>
        <source>The microphone was lost at {0}; there is no sound from there.</source>
        <translation>麦克风在 {0} 断开；此后没有声音。</translation>
    </message>
    <message>
        <source>Recorded without sound: the microphone could not be used.</source>
        <translation>录像没有声音：麦克风无法使用。</translation>
    </message>
    <message>
        <source>The disk was nearly full at {0}.</source>
        <translation>在 {0} 磁盘几乎已满。</translation>
    </message>
    <message>
        <source>The recording ended at {0} because the disk was full.</source>
        <translation>磁盘已满，录制在 {0} 结束。</translation>
    </message>
    <message>
        <source>This file is damaged: nothing in it can be played. It is kept as it is.</source>
        <translation>此文件已损坏：其中没有可播放的内容。文件原样保留。</translation>
    </message>
</context>
<context>
    <name>NarrativeView</name>
    <message>
        <source>Narrative</source>
        <translation>文稿</translation>
    </message>
</context>
<context>
    <name>NotesPopover</name>
    <message>
        <source>Notes</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Tags, separated by commas</source>
        <translation>标签，用逗号分隔</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
</context>
<context>
    <name>NothingRecorded</name>
    <message>
        <source>Nothing recorded yet</source>
        <translation>还没有录像</translation>
    </message>
    <message>
        <source>Record a few minutes of anything you do with your hands or on screen. Each recording appears here with its text, and both are searchable.</source>
        <translation>录制几分钟你手上或屏幕上做的任何事。每段录像都会连同它的文字出现在这里，两者都可以搜索。</translation>
    </message>
    <message>
        <source>Record something</source>
        <translation>录制一段</translation>
    </message>
    <message>
        <source>Everything stays on this computer.</source>
        <translation>一切都留在这台电脑上。</translation>
    </message>
</context>
<context>
    <name>PlayButton</name>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>播放</translation>
    </message>
    <message>
        <source>{0} (Space)</source>
        <translation>{0}（空格）</translation>
    </message>
</context>
<context>
    <name>Player</name>
    <message>
        <source>This file cannot be played: {0}.</source>
        <translation>无法播放此文件：{0}。</translation>
    </message>
    <message>
        <source>the player gave no reason</source>
        <translation>播放器没有给出原因</translation>
    </message>
    <message>
        <source>No picture has come from this file. Another player may be able to show it.</source>
        <translation>此文件没有画面。其他播放器也许能播放。</translation>
    </message>
</context>
<context>
    <name>PlayerPicture</name>
    <message>
        <source>Picture</source>
        <translation>画面</translation>
    </message>
</context>
<context>
    <name>PlayingView</name>
    <message>
        <source>Still being recorded</source>
        <translation>仍在录制</translation>
    </message>
    <message>
        <source>There is no picture.</source>
        <translation>没有画面。</translation>
    </message>
    <message>
        <source>The file ends here: the rest of it cannot be played</source>
        <translation>文件到此为止：其余部分无法播放</translation>
    </message>
</context>
<context>
    <name>Rail</name>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
</context>
<context>
    <name>RecordButton</name>
    <message>
        <source>Record</source>
        <translation>录制</translation>
    </message>
    <message>
        <source>starting…</source>
        <translation>正在开始…</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>saving…</source>
        <translation>正在保存…</translation>
    </message>
</context>
<context>
    <name>RecordChecks</name>
    <message>
        <source>Skiuo will save the video here. No model is chosen, so nothing will be written about it.</source>
        <translation>Skiuo 会把视频保存在这里。没有选择模型，因此不会写出文字。</translation>
    </message>
    <message>
        <source>Skiuo will save the video here, read and measure {0} seconds of it on this device every {1} seconds, and write what it finds in this column.</source>
        <translation>Skiuo 会把视频保存在这里，每 {1} 秒在本机读取并测量其中 {0} 秒，并把结果写在这一栏。</translation>
    </message>
    <message>
        <source>Skiuo will save the video here, send {0} seconds of it to {1} every {2} seconds, and write what it sees in this column.</source>
        <translation>Skiuo 会把视频保存在这里，每 {2} 秒向 {1} 发送其中 {0} 秒，并把它看到的写在这一栏。</translation>
    </message>
    <message>
        <source>No source is open</source>
        <translation>没有打开的来源</translation>
    </message>
    <message>
        <source>Choose a camera, a screen or a file above</source>
        <translation>请在上方选择摄像头、屏幕或文件</translation>
    </message>
    <message>
        <source>{0} has stopped sending</source>
        <translation>{0} 已停止发送</translation>
    </message>
    <message>
        <source>{0} can be read</source>
        <translation>{0} 可以读取</translation>
    </message>
    <message>
        <source>Counting the frames of {0}</source>
        <translation>正在统计 {0} 的帧数</translation>
    </message>
    <message>
        <source>{0} delivers {1} frames a second</source>
        <translation>{0} 每秒提供 {1} 帧</translation>
    </message>
    <message>
        <source>{0} delivers {1} of {2} frames a second</source>
        <translation>{0} 每秒提供 {1} 帧（应为 {2} 帧）</translation>
    </message>
    <message>
        <source>{0}. Poor light or a busy computer slows cameras down</source>
        <translation>{0}。光线不足或电脑繁忙会使摄像头变慢</translation>
    </message>
    <message>
        <source>Counted just now, {0}</source>
        <translation>刚刚统计，{0}</translation>
    </message>
    <message>
        <source>A recording needs about {0}</source>
        <translation>录制约需 {0}</translation>
    </message>
    <message>
        <source>There is no room for a recording</source>
        <translation>没有空间可供录制</translation>
    </message>
    <message>
        <source>Free some space on the disk</source>
        <translation>请在磁盘上腾出空间</translation>
    </message>
    <message>
        <source>The disk has {0} for recordings</source>
        <translation>磁盘有 {0} 可用于录像</translation>
    </message>
    <message>
        <source>The sound comes with the picture</source>
        <translation>声音随画面而来</translation>
    </message>
    <message>
        <source>No microphone is used</source>
        <translation>不使用麦克风</translation>
    </message>
    <message>
        <source>Nothing is heard</source>
        <translation>没有声音</translation>
    </message>
    <message>
        <source>No microphone is chosen: the video has no sound</source>
        <translation>没有选择麦克风：视频没有声音</translation>
    </message>
    <message>
        <source>Listening to the microphone</source>
        <translation>正在听麦克风</translation>
    </message>
    <message>
        <source>It is being opened</source>
        <translation>正在打开</translation>
    </message>
    <message>
        <source>The microphone sends nothing</source>
        <translation>麦克风没有信号</translation>
    </message>
    <message>
        <source>Without it the video has no sound</source>
        <translation>没有它，视频就没有声音</translation>
    </message>
    <message>
        <source>The microphone is silent</source>
        <translation>麦克风没有声音</translation>
    </message>
    <message>
        <source>Nothing was heard for 10 s: is it muted?</source>
        <translation>10 秒内没有听到任何声音：是否静音了？</translation>
    </message>
    <message>
        <source>The microphone hears you</source>
        <translation>麦克风听得到你</translation>
    </message>
    <message>
        <source>Loudest just now {0}</source>
        <translation>刚才最响 {0}</translation>
    </message>
    <message>
        <source>The microphone is on</source>
        <translation>麦克风已开启</translation>
    </message>
    <message>
        <source>Say something to see that it hears you</source>
        <translation>说句话，看它是否听得到你</translation>
    </message>
    <message>
        <source>First words a little more than {0} s after you start</source>
        <translation>开始后 {0} 秒多出现首词</translation>
    </message>
    <message>
        <source>{0} s to fill the first window, then the model begins</source>
        <translation>{0} 秒填满第一个窗口，然后模型开始</translation>
    </message>
    <message>
        <source>First words about {0} s after you start</source>
        <translation>开始后约 {0} 秒出现首词</translation>
    </message>
    <message>
        <source>{0} s to fill the first window, {1} for the model</source>
        <translation>{0} 秒填满第一个窗口，模型需 {1}</translation>
    </message>
    <message>
        <source>What leaves this computer</source>
        <translation>哪些内容会离开这台电脑</translation>
    </message>
    <message>
        <source>Nothing. Video and text stay on this device.</source>
        <translation>没有。视频和文字都留在本机。</translation>
    </message>
    <message>
        <source>The clip of each window, to {0}. Choose the offline measurer to send nothing.</source>
        <translation>每个窗口的片段，发往 {0}。选择离线测量器则什么也不发送。</translation>
    </message>
</context>
<context>
    <name>RecordPage</name>
    <message>
        <source>The recording could not begin.</source>
        <translation>无法开始录制。</translation>
    </message>
    <message>
        <source>The marker was not set.</source>
        <translation>标记没有设置成功。</translation>
    </message>
    <message>
        <source>Getting ready</source>
        <translation>正在准备</translation>
    </message>
    <message>
        <source>No room on the disk</source>
        <translation>磁盘没有空间</translation>
    </message>
</context>
<context>
    <name>RecordSide</name>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>No model is set up.</source>
        <translation>没有设置模型。</translation>
    </message>
    <message>
        <source>Text, motion, scenes, light, speech</source>
        <translation>文字、运动、场景、光线、语音</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>没有模型</translation>
    </message>
    <message>
        <source>**{0}** so far</source>
        <translation>至今 **{0}**</translation>
    </message>
    <message>
        <source>{0} windows wait</source>
        <translation>{0} 个窗口在等待</translation>
    </message>
    <message>
        <source>model keeps up</source>
        <translation>模型跟得上</translation>
    </message>
</context>
<context>
    <name>RecordWords</name>
    <message>
        <source>No picture for {0}</source>
        <translation>{0}没有画面</translation>
    </message>
    <message>
        <source>Played to its end, a recording starts at the beginning</source>
        <translation>已播放到结尾，录制会从头开始</translation>
    </message>
    <message>
        <source>Preview only, nothing is being saved</source>
        <translation>仅预览，没有保存任何内容</translation>
    </message>
    <message>
        <source>Starting, nothing has been saved yet</source>
        <translation>正在开始，尚未保存任何内容</translation>
    </message>
    <message>
        <source>Saving the recording</source>
        <translation>正在保存录像</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>nothing is being saved</source>
        <translation>没有保存任何内容</translation>
    </message>
    <message>
        <source>Nothing has reached the disk for {0}</source>
        <translation>已有 {0}没有写入磁盘</translation>
    </message>
    <message>
        <source>sound is being saved</source>
        <translation>声音仍在保存</translation>
    </message>
    <message>
        <source>reached the disk {0} ago</source>
        <translation>{0}前已写入磁盘</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>录制中</translation>
    </message>
    <message>
        <source>{0} dropped</source>
        <translation>丢帧 {0}</translation>
    </message>
    <message>
        <source>{0} stopped {1} ago</source>
        <translation>{0} 在 {1}前停止</translation>
    </message>
    <message>
        <source>It sends no picture any more. Skiuo keeps trying to reopen it.</source>
        <translation>它不再发送画面。Skiuo 会不断尝试重新打开。</translation>
    </message>
    <message>
        <source>Everything up to {0} is safe on your disk and sound is still being saved. Skiuo keeps trying to reopen it and goes on in the same recording.</source>
        <translation>{0} 之前的内容已安全写入磁盘，声音仍在保存。Skiuo 会不断尝试重新打开，并在同一段录像中继续。</translation>
    </message>
    <message>
        <source>Everything up to {0} is safe on your disk. Skiuo keeps trying to reopen it and goes on in the same recording.</source>
        <translation>{0} 之前的内容已安全写入磁盘。Skiuo 会不断尝试重新打开，并在同一段录像中继续。</translation>
    </message>
    <message>
        <source>The sound comes with the picture</source>
        <translation>声音随画面而来</translation>
    </message>
    <message>
        <source>No microphone: no sound is recorded</source>
        <translation>没有麦克风：不录制声音</translation>
    </message>
    <message>
        <source>The microphone sends nothing</source>
        <translation>麦克风没有信号</translation>
    </message>
    <message>
        <source>The microphone is silent</source>
        <translation>麦克风没有声音</translation>
    </message>
    <message>
        <source>The microphone hears you</source>
        <translation>麦克风听得到你</translation>
    </message>
    <message>
        <source>The microphone is on</source>
        <translation>麦克风已开启</translation>
    </message>
    <message>
        <source>**{0}** on disk, {1}</source>
        <translation>**{0}** 已写入磁盘 · {1}</translation>
    </message>
    <message>
        <source>**{0}** on disk</source>
        <translation>**{0}** 已写入磁盘</translation>
    </message>
    <message>
        <source>{0} s every {1} s</source>
        <translation>每 {1} 秒取 {0} 秒</translation>
    </message>
    <message>
        <source>Planned windows: {0} s long, one after the other</source>
        <translation>计划的窗口：每个 {0} 秒，首尾相接</translation>
    </message>
    <message>
        <source>Planned windows: {0} s long, one every {1} s, so each overlaps the next by {2} s</source>
        <translation>计划的窗口：每个 {0} 秒，每 {1} 秒一个，相邻两个重叠 {2} 秒</translation>
    </message>
    <message>
        <source>no picture since {0}</source>
        <translation>自 {0} 起没有画面</translation>
    </message>
    <message>
        <source>complete in {0}</source>
        <translation>还差 {0}</translation>
    </message>
</context>
<context>
    <name>SearchField</name>
    <message>
        <source>Search titles and everything the models wrote</source>
        <translation>搜索标题和模型写下的一切</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Clear the search (Esc)</source>
        <translation>清除搜索 (Esc)</translation>
    </message>
</context>
<context>
    <name>SearchRow</name>
    <message>
        <source>Search in this narrative</source>
        <translation>在文稿中搜索</translation>
    </message>
    <message>
        <source>Place before (Shift+Enter)</source>
        <translation>上一处 (Shift+Enter)</translation>
    </message>
    <message>
        <source>Next place (Enter)</source>
        <translation>下一处 (Enter)</translation>
    </message>
    <message>
        <source>Close (Esc)</source>
        <translation>关闭 (Esc)</translation>
    </message>
    <message>
        <source>not found</source>
        <translation>未找到</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} / {1}</translation>
    </message>
</context>
<context>
    <name>SelectionBar</name>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Leave the selection (Esc)</source>
        <translation>退出选择 (Esc)</translation>
    </message>
    <message>
        <source>{0} selected</source>
        <translation>已选择 {0} 项</translation>
    </message>
    <message>
        <source>Retry {0} failed</source>
        <translation>重试 {0} 个失败的窗口</translation>
    </message>
    <message>
        <source>Analyse {0} windows</source>
        <translation>分析 {0} 个窗口</translation>
    </message>
    <message>
        <source>Analyse 1 window</source>
        <translation>分析 1 个窗口</translation>
    </message>
</context>
<context>
    <name>SourceBar</name>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Looking for cameras and screens…</source>
        <translation>正在查找摄像头和屏幕…</translation>
    </message>
    <message>
        <source>Microphone</source>
        <translation>麦克风</translation>
    </message>
    <message>
        <source>Looking for microphones…</source>
        <translation>正在查找麦克风…</translation>
    </message>
    <message>
        <source>Choose a source</source>
        <translation>选择来源</translation>
    </message>
    <message>
        <source>Unknown source</source>
        <translation>未知来源</translation>
    </message>
    <message>
        <source>System default</source>
        <translation>系统默认</translation>
    </message>
    <message>
        <source>No microphone was found</source>
        <translation>没有找到麦克风</translation>
    </message>
    <message>
        <source>No microphone</source>
        <translation>没有麦克风</translation>
    </message>
    <message>
        <source>default</source>
        <translation>默认</translation>
    </message>
</context>
<context>
    <name>SourceCard</name>
    <message>
        <source>Reopen now</source>
        <translation>立即重新打开</translation>
    </message>
    <message>
        <source>Choose another source</source>
        <translation>选择其他来源</translation>
    </message>
    <message>
        <source>try {0}</source>
        <translation>第 {0} 次</translation>
    </message>
</context>
<context>
    <name>SourcePreview</name>
    <message>
        <source>Opening {0}…</source>
        <translation>正在打开 {0}…</translation>
    </message>
    <message>
        <source>Opening the source</source>
        <translation>正在打开来源</translation>
    </message>
    <message>
        <source>Choose a source first</source>
        <translation>请先选择来源</translation>
    </message>
    <message>
        <source>The source gives no picture</source>
        <translation>来源没有画面</translation>
    </message>
    <message>
        <source>{0} could not be opened</source>
        <translation>无法打开 {0}</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Connect one, or take a screen, a network camera or a file instead.</source>
        <translation>请连接摄像头，或改用屏幕、网络摄像头或文件。</translation>
    </message>
    <message>
        <source>No camera was found</source>
        <translation>没有找到摄像头</translation>
    </message>
    <message>
        <source>Choose a source</source>
        <translation>选择来源</translation>
    </message>
</context>
<context>
    <name>Sources</name>
    <message>
        <source>Camera {0}</source>
        <translation>摄像头 {0}</translation>
    </message>
    <message>
        <source>Whole screen</source>
        <translation>整个屏幕</translation>
    </message>
    <message>
        <source>Monitor {0}</source>
        <translation>显示器 {0}</translation>
    </message>
    <message>
        <source>Test pattern</source>
        <translation>测试图案</translation>
    </message>
    <message>
        <source>moving picture with a frame number, a clock and a beep</source>
        <translation>带帧号、时钟和提示音的活动画面</translation>
    </message>
</context>
<context>
    <name>Teller</name>
    <message>
        <source>The microphone is gone.</source>
        <translation>麦克风已断开。</translation>
    </message>
    <message>
        <source>The recording goes on without sound.</source>
        <translation>录制继续，但没有声音。</translation>
    </message>
    <message>
        <source>Before the disk is full the recording is closed safely.</source>
        <translation>磁盘写满之前，录像会安全结束。</translation>
    </message>
    <message>
        <source>At {0} free the recording is closed safely.</source>
        <translation>剩余 {0} 时，录像会安全结束。</translation>
    </message>
    <message>
        <source>{0} of room left.</source>
        <translation>还可录制 {0}。</translation>
    </message>
    <message>
        <source>The disk is full.</source>
        <translation>磁盘已满。</translation>
    </message>
    <message>
        <source>The recording has stopped.</source>
        <translation>录制已停止。</translation>
    </message>
    <message>
        <source>Nothing was recorded, so nothing was kept.</source>
        <translation>没有录到任何内容，因此没有保留。</translation>
    </message>
    <message>
        <source>The recording was ended at {0}.</source>
        <translation>录制在 {0} 结束。</translation>
    </message>
    <message>
        <source>Watch</source>
        <translation>观看</translation>
    </message>
    <message>
        <source>Saved: {0}, {1}</source>
        <translation>已保存：{0}，{1}</translation>
    </message>
    <message>
        <source>Marker set at {0}</source>
        <translation>已在 {0} 设置标记</translation>
    </message>
</context>
<context>
    <name>Timeline</name>
    <message>
        <source>Timeline</source>
        <translation>时间轴</translation>
    </message>
    <message>
        <source>Whole</source>
        <translation>全程</translation>
    </message>
    <message>
        <source>Windows</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>Motion</source>
        <translation>动作</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>声音</translation>
    </message>
</context>
<context>
    <name>TimelineCounts</name>
    <message>
        <source>marker</source>
        <translation>标记</translation>
    </message>
    <message>
        <source>markers</source>
        <translation>标记</translation>
    </message>
</context>
<context>
    <name>TimelineZoom</name>
    <message>
        <source>Zoom</source>
        <translation>缩放</translation>
    </message>
    <message>
        <source>How much is in view. Ctrl and the mouse wheel do the same over the timeline.</source>
        <translation>显示多长的时间。在时间轴上按住 Ctrl 滚动鼠标滚轮也一样。</translation>
    </message>
</context>
<context>
    <name>TitleField</name>
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>Rename (F2)</source>
        <translation>重命名 (F2)</translation>
    </message>
</context>
<context>
    <name>Toast</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>Transport</name>
    <message>
        <source>Marker</source>
        <translation>标记</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Room for **{0}**</source>
        <translation>还可录制 **{0}**</translation>
    </message>
    <message>
        <source>Room for **{0}** more</source>
        <translation>还可录制 **{0}**</translation>
    </message>
    <message>
        <source>Room for {0}</source>
        <translation>可录制 {0}</translation>
    </message>
    <message>
        <source>about {0} an hour</source>
        <translation>每小时约 {0}</translation>
    </message>
    <message>
        <source>{0} free, {1} of it kept back · about {2} an hour</source>
        <translation>剩余 {0}，其中保留 {1} · 每小时约 {2}</translation>
    </message>
    <message>
        <source>Previous window</source>
        <translation>上一个窗口</translation>
    </message>
    <message>
        <source>5 seconds back</source>
        <translation>后退 5 秒</translation>
    </message>
    <message>
        <source>5 seconds on</source>
        <translation>前进 5 秒</translation>
    </message>
    <message>
        <source>Next window</source>
        <translation>下一个窗口</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Speed (&lt; slower, &gt; faster)</source>
        <translation>速度（&lt; 减慢，&gt; 加快）</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>音量</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
    <message>
        <source>Mute</source>
        <translation>静音</translation>
    </message>
</context>
<context>
    <name>VideoSurface</name>
    <message>
        <source>Picture of the source</source>
        <translation>来源的画面</translation>
    </message>
</context>
<context>
    <name>VolumeSlider</name>
    <message>
        <source>Volume</source>
        <translation>音量</translation>
    </message>
</context>
<context>
    <name>WatchActions</name>
    <message>
        <source>Narrative as text…</source>
        <translation>将文稿导出为文本…</translation>
    </message>
    <message>
        <source>Narrative as Markdown…</source>
        <translation>将文稿导出为 Markdown…</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>重命名</translation>
    </message>
    <message>
        <source>Notes and tags</source>
        <translation>备注和标签</translation>
    </message>
    <message>
        <source>Analyse all windows again</source>
        <translation>重新分析全部窗口</translation>
    </message>
    <message>
        <source>Show file in folder</source>
        <translation>在文件夹中显示</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>The narrative is on the clipboard</source>
        <translation>文稿已复制到剪贴板</translation>
    </message>
    <message>
        <source>Text (*.txt)</source>
        <translation>文本 (*.txt)</translation>
    </message>
    <message>
        <source>Markdown (*.md)</source>
        <translation>Markdown (*.md)</translation>
    </message>
    <message>
        <source>Export the narrative</source>
        <translation>导出文稿</translation>
    </message>
    <message>
        <source>Written: {0}</source>
        <translation>已写入：{0}</translation>
    </message>
</context>
<context>
    <name>WatchHead</name>
    <message>
        <source>Back to the library (Alt+←)</source>
        <translation>返回资料库 (Alt+←)</translation>
    </message>
    <message>
        <source>Retry failed</source>
        <translation>重试失败项</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>being recorded</source>
        <translation>正在录制</translation>
    </message>
    <message>
        <source>{0}, {1}</source>
        <translation>{0}，{1}</translation>
    </message>
    <message>
        <source>{0} of {1} failed</source>
        <translation>{1} 个窗口中 {0} 个失败</translation>
    </message>
</context>
<context>
    <name>WatchPage</name>
    <message>
        <source>This recording cannot be read.</source>
        <translation>无法读取这段录像。</translation>
    </message>
    <message>
        <source>Nothing in it can be played. It is kept as it is: {0}</source>
        <translation>其中没有可播放的内容。文件原样保留：{0}</translation>
    </message>
    <message>
        <source>This file is damaged.</source>
        <translation>此文件已损坏。</translation>
    </message>
    <message>
        <source>The video file is gone.</source>
        <translation>视频文件不见了。</translation>
    </message>
    <message>
        <source>It was {0}. The text about it is still here.</source>
        <translation>原来在 {0}。关于它的文字仍在这里。</translation>
    </message>
    <message>
        <source>Still being recorded</source>
        <translation>仍在录制</translation>
    </message>
    <message>
        <source>Nothing to analyse: it is under way already.</source>
        <translation>没有需要分析的：已经在进行中。</translation>
    </message>
    <message>
        <source>Not analysed again, the earlier text stays: {0}</source>
        <translation>没有重新分析，保留原有文字：{0}</translation>
    </message>
</context>
<context>
    <name>WatchSide</name>
    <message>
        <source>Narrative</source>
        <translation>文稿</translation>
    </message>
    <message>
        <source>Markers</source>
        <translation>标记</translation>
    </message>
    <message>
        <source>Search in this narrative (Ctrl+F)</source>
        <translation>在文稿中搜索 (Ctrl+F)</translation>
    </message>
    <message>
        <source>Copy the whole narrative</source>
        <translation>复制整篇文稿</translation>
    </message>
    <message>
        <source>Newest text</source>
        <translation>最新文字</translation>
    </message>
</context>
<context>
    <name>WatchView</name>
    <message>
        <source>Marker</source>
        <translation>标记</translation>
    </message>
    <message>
        <source>Analyse 1 window</source>
        <translation>分析 1 个窗口</translation>
    </message>
    <message>
        <source>Analyse {0} windows</source>
        <translation>分析 {0} 个窗口</translation>
    </message>
    <message>
        <source>Nobody has described this recording.</source>
        <translation>还没有模型描述过这段录像。</translation>
    </message>
    <message>
        <source>There is no text.</source>
        <translation>没有文字。</translation>
    </message>
    <message>
        <source>This recording is too short for a window, or nothing of it could be read.</source>
        <translation>这段录像太短，不足一个窗口，或者无法读取。</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <source>Record</source>
        <translation>录制</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>资料库</translation>
    </message>
    <message>
        <source>A recording that was cut short has been repaired.</source>
        <translation>一段中断的录像已修复。</translation>
    </message>
    <message>
        <source>Watch</source>
        <translation>观看</translation>
    </message>
    <message>
        <source>recording</source>
        <translation>录制中</translation>
    </message>
    <message>
        <source>Recording – Skiuo</source>
        <translation>录制中 – Skiuo</translation>
    </message>
    <message>
        <source>Stop recording and close?</source>
        <translation>停止录制并关闭？</translation>
    </message>
    <message>
        <source>The recording is saved up to this moment. Windows that no model has described yet are taken up at the next start.</source>
        <translation>录像已保存到此刻。尚未描述的窗口会在下次启动时继续。</translation>
    </message>
    <message>
        <source>Stop and close</source>
        <translation>停止并关闭</translation>
    </message>
    <message>
        <source>Go on recording</source>
        <translation>继续录制</translation>
    </message>
</context>
<context>
    <name>_Elsewhere</name>
    <message>
        <source>Address of a network camera</source>
        <translation>网络摄像头的地址</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Choose a media file…</source>
        <translation>选择媒体文件…</translation>
    </message>
    <message>
        <source>Write where the camera sends: rtsp://… or http://…</source>
        <translation>请写出摄像头的地址：rtsp://… 或 http://…</translation>
    </message>
    <message>
        <source>Choose a media file</source>
        <translation>选择媒体文件</translation>
    </message>
    <message>
        <source>Video files ({0})</source>
        <translation>视频文件 ({0})</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
</context>
<context>
    <name>_Failed</name>
    <message>
        <source>Skiuo could not start</source>
        <translation>Skiuo 无法启动</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
</context>
<context>
    <name>_FullScreen</name>
    <message>
        <source>Leave full screen</source>
        <translation>退出全屏</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>全屏</translation>
    </message>
</context>
</TS>
