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
    <name>Backend</name>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>The mirror is paused</source>
        <translation>镜像已暂停</translation>
    </message>
    <message>
        <source>Trouble</source>
        <translation>异常</translation>
    </message>
    <message>
        <source>Your server cannot be reached</source>
        <translation>无法连接自有服务器</translation>
    </message>
    <message>
        <source>Your server does not take everything</source>
        <translation>自有服务器未能接收全部内容</translation>
    </message>
    <message>
        <source>{0} %</source>
        <translation>{0}%</translation>
    </message>
    <message>
        <source>Being mirrored</source>
        <translation>正在镜像</translation>
    </message>
    <message>
        <source>{0} to go</source>
        <translation>待传 {0}</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>Your server has not been asked yet</source>
        <translation>尚未连接自有服务器</translation>
    </message>
    <message>
        <source>Mirrored</source>
        <translation>已镜像</translation>
    </message>
    <message>
        <source>Everything is mirrored</source>
        <translation>全部内容已镜像</translation>
    </message>
    <message>
        <source>1 file ({0})</source>
        <translation>1 个文件（{0}）</translation>
    </message>
    <message>
        <source>{0} files ({1})</source>
        <translation>{0} 个文件（{1}）</translation>
    </message>
    <message>
        <source>1 row</source>
        <translation>1 条记录</translation>
    </message>
    <message>
        <source>{0} rows</source>
        <translation>{0} 条记录</translation>
    </message>
    <message>
        <source>{0} and {1}</source>
        <translation>{0}和 {1}</translation>
    </message>
    <message>
        <source>Still to be sent: {0}.</source>
        <translation>尚待发送：{0}。</translation>
    </message>
    <message>
        <source>The oldest waits since {0}.</source>
        <translation>最早的一项自 {0} 起等待。</translation>
    </message>
    <message>
        <source>Last mirrored completely: {0}.</source>
        <translation>上次全部镜像完成：{0}。</translation>
    </message>
    <message>
        <source>You have paused the mirror. Recording goes on, and what is recorded waits here.</source>
        <translation>您已暂停镜像。录制照常进行，新内容先保存在本机。</translation>
    </message>
    <message>
        <source>This connection is metered. The mirror goes on by itself on another one.</source>
        <translation>当前为按流量计费的连接。换用其他连接后镜像会自动继续。</translation>
    </message>
    <message>
        <source>Another Skiuo on this computer is mirroring.</source>
        <translation>本机的另一个 Skiuo 正在镜像。</translation>
    </message>
    <message>
        <source>Your server</source>
        <translation>自有服务器</translation>
    </message>
    <message>
        <source>Sending: {0}.</source>
        <translation>正在发送：{0}。</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} / {1}</translation>
    </message>
    <message>
        <source>about {0} left</source>
        <translation>约剩 {0}</translation>
    </message>
</context>
<context>
    <name>BackendCard</name>
    <message>
        <source>Try now</source>
        <translation>立即重试</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>Object store</source>
        <translation>对象存储</translation>
    </message>
    <message>
        <source>Database</source>
        <translation>数据库</translation>
    </message>
    <message>
        <source>An administrator makes what is missing, once, in a terminal. It asks for the administrator&apos;s keys and does not keep them:</source>
        <translation>缺少的部分由管理员在终端中创建一次。命令会询问管理员密钥，且不会保存：</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>No server yet</source>
        <translation>尚未设置服务器</translation>
    </message>
    <message>
        <source>Recordings and texts are kept on this computer only.</source>
        <translation>录像和文字只保存在本机。</translation>
    </message>
    <message>
        <source>The store keeps video for {0} days.</source>
        <translation>对象存储保留视频 {0} 天。</translation>
    </message>
    <message>
        <source>The store keeps video without end.</source>
        <translation>对象存储长期保留视频。</translation>
    </message>
    <message>
        <source>Checking with a real clip</source>
        <translation>正在用真实片段检查</translation>
    </message>
    <message>
        <source>The check could not be made</source>
        <translation>无法进行检查</translation>
    </message>
    <message>
        <source>The command is on the clipboard</source>
        <translation>命令已复制到剪贴板</translation>
    </message>
</context>
<context>
    <name>BackendCheck</name>
    <message>
        <source>Bucket</source>
        <translation>存储桶</translation>
    </message>
    <message>
        <source>Rule for old video</source>
        <translation>旧视频规则</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Database</source>
        <translation>数据库</translation>
    </message>
    <message>
        <source>Tables</source>
        <translation>数据表</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>域名</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Encryption</source>
        <translation>加密</translation>
    </message>
    <message>
        <source>Clock</source>
        <translation>时钟</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Storing a clip</source>
        <translation>存入片段</translation>
    </message>
    <message>
        <source>Reading it back</source>
        <translation>读回片段</translation>
    </message>
    <message>
        <source>A link to it</source>
        <translation>片段链接</translation>
    </message>
    <message>
        <source>Within reach of models</source>
        <translation>模型可访问</translation>
    </message>
    <message>
        <source>Removing it</source>
        <translation>移除片段</translation>
    </message>
    <message>
        <source>A row</source>
        <translation>读写记录</translation>
    </message>
    <message>
        <source>Rights of the role</source>
        <translation>角色权限</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>in order</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>worth a look</source>
        <translation>值得留意</translation>
    </message>
    <message>
        <source>not tried</source>
        <translation>未尝试</translation>
    </message>
    <message>
        <source>{0} ms</source>
        <translation>{0} 毫秒</translation>
    </message>
    <message>
        <source>…</source>
        <translation>…</translation>
    </message>
    <message>
        <source>under way</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>{0} (database)</source>
        <translation>{0}（数据库）</translation>
    </message>
    <message>
        <source>Something is not right yet</source>
        <translation>仍有问题需要处理</translation>
    </message>
    <message>
        <source>It works, with something to look at</source>
        <translation>可以使用，但有值得留意之处</translation>
    </message>
    <message>
        <source>Everything works</source>
        <translation>一切正常</translation>
    </message>
</context>
<context>
    <name>BackendSection</name>
    <message>
        <source>Your server</source>
        <translation>自有服务器</translation>
    </message>
    <message>
        <source>Recordings and texts are always kept here first. A copy goes to an object store and a database of your own, whenever they can be reached.</source>
        <translation>录像和文字始终先保存在本机。能连接到您自己的对象存储和数据库时，会向其发送一份副本。</translation>
    </message>
    <message>
        <source>Object store</source>
        <translation>对象存储</translation>
    </message>
    <message>
        <source>the store&apos;s own</source>
        <translation>使用存储的默认值</translation>
    </message>
    <message>
        <source>the same</source>
        <translation>与上面相同</translation>
    </message>
    <message>
        <source>Paste the key</source>
        <translation>粘贴密钥</translation>
    </message>
    <message>
        <source>Paste the key.</source>
        <translation>请粘贴密钥。</translation>
    </message>
    <message>
        <source>Database</source>
        <translation>数据库</translation>
    </message>
    <message>
        <source>Write the password</source>
        <translation>输入密码</translation>
    </message>
    <message>
        <source>Write the password.</source>
        <translation>请输入密码。</translation>
    </message>
    <message>
        <source>Encryption</source>
        <translation>加密</translation>
    </message>
    <message>
        <source>those that the system trusts</source>
        <translation>系统信任的机构</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>What goes there</source>
        <translation>发送内容</translation>
    </message>
    <message>
        <source>days</source>
        <translation>天</translation>
    </message>
    <message>
        <source>without end</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>Certificate of the authority</source>
        <translation>机构证书</translation>
    </message>
    <message>
        <source>Certificates (*.pem *.crt *.cer);;All files (*)</source>
        <translation>证书 (*.pem *.crt *.cer);;所有文件 (*)</translation>
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
        <source>Compare side by side</source>
        <translation>并排比较</translation>
    </message>
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
    <name>Catalog</name>
    <message>
        <source>Qwen (Alibaba Cloud)</source>
        <translation>通义千问（阿里云）</translation>
    </message>
    <message>
        <source>Gemini (Google)</source>
        <translation>Gemini（谷歌）</translation>
    </message>
    <message>
        <source>OpenAI-compatible server</source>
        <translation>OpenAI 兼容服务器</translation>
    </message>
    <message>
        <source>On this computer (transformers)</source>
        <translation>本机（transformers）</translation>
    </message>
    <message>
        <source>Video goes to Alibaba Cloud in the region that you choose; a key is bound to its region.</source>
        <translation>视频发往您所选地域的阿里云；密钥只在其所属地域有效。</translation>
    </message>
    <message>
        <source>Video goes to Google.</source>
        <translation>视频发往谷歌。</translation>
    </message>
    <message>
        <source>Your own server (vLLM, SGLang, Ollama, LM Studio, llama.cpp and others), or any host that speaks this protocol.</source>
        <translation>您自己的服务器（vLLM、SGLang、Ollama、LM Studio、llama.cpp 等），或任何支持该协议的主机。</translation>
    </message>
    <message>
        <source>A Qwen-VL runs on this computer, without a server: nothing is sent. Needs skiuo-desktop[local].</source>
        <translation>Qwen-VL 直接在本机运行，无需服务器，不发送任何内容。需要安装 skiuo-desktop[local]。</translation>
    </message>
    <message>
        <source>From another package.</source>
        <translation>由其他软件包提供。</translation>
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
    <name>Compare</name>
    <message>
        <source>{0} a window</source>
        <translation>每窗口 {0}</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0}/{1}</translation>
    </message>
    <message>
        <source>{0}, about {1}</source>
        <translation>{0}，约 {1}</translation>
    </message>
    <message>
        <source>Not answered yet</source>
        <translation>尚未回答</translation>
    </message>
    <message>
        <source>Not asked about this window.</source>
        <translation>该窗口没有询问过它。</translation>
    </message>
    <message>
        <source>Ask it</source>
        <translation>询问</translation>
    </message>
</context>
<context>
    <name>ComparePanel</name>
    <message>
        <source>Model at the left</source>
        <translation>左侧模型</translation>
    </message>
    <message>
        <source>Model at the right</source>
        <translation>右侧模型</translation>
    </message>
    <message>
        <source>only on the left</source>
        <translation>仅左侧提到</translation>
    </message>
    <message>
        <source>only on the right</source>
        <translation>仅右侧提到</translation>
    </message>
    <message>
        <source>Add a model</source>
        <translation>添加模型</translation>
    </message>
</context>
<context>
    <name>CompareView</name>
    <message>
        <source>Comparison</source>
        <translation>比较</translation>
    </message>
</context>
<context>
    <name>Copies</name>
    <message>
        <source>Mirrored</source>
        <translation>已镜像</translation>
    </message>
    <message>
        <source>To be mirrored</source>
        <translation>待镜像</translation>
    </message>
    <message>
        <source>The video is in your object store.</source>
        <translation>视频已在您的对象存储中。</translation>
    </message>
    <message>
        <source>The video is being sent to your object store.</source>
        <translation>视频正在发送到您的对象存储。</translation>
    </message>
    <message>
        <source>Mirroring {0} %</source>
        <translation>镜像中 {0}%</translation>
    </message>
    <message>
        <source>Only here</source>
        <translation>仅在本机</translation>
    </message>
    <message>
        <source>The video is on this computer only.</source>
        <translation>视频只在本机。</translation>
    </message>
    <message>
        <source>Your database lists it.</source>
        <translation>您的数据库已列出该录像。</translation>
    </message>
    <message>
        <source>Your database does not list it as it is here yet.</source>
        <translation>您的数据库尚未列出该录像的最新内容。</translation>
    </message>
</context>
<context>
    <name>CostSection</name>
    <message>
        <source>Cost and limits</source>
        <translation>费用与限额</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>This month</source>
        <translation>本月</translation>
    </message>
    <message>
        <source>Every attempt that may have been billed is counted: by its estimate until the answer says what it was.</source>
        <translation>每次可能已计费的尝试都计入：回答给出实际用量之前按估算计。</translation>
    </message>
    <message>
        <source>Spend at most</source>
        <translation>花费上限</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>Near the end of a budget</source>
        <translation>预算将尽时</translation>
    </message>
    <message>
        <source>Step by step, each shown when it is taken, and taken back when there is room again. Recording never stops.</source>
        <translation>逐步采取，每一步都会显示；预算恢复后自动撤回。录制不会因此停止。</translation>
    </message>
    <message>
        <source>From 80 %: a cheaper model</source>
        <translation>达到 80 %：换用更便宜的模型</translation>
    </message>
    <message>
        <source>New windows go to the model below, where there is one.</source>
        <translation>新窗口改由下面的模型分析（如果有）。</translation>
    </message>
    <message>
        <source>From 90 %: every other window</source>
        <translation>达到 90 %：每两个窗口分析一个</translation>
    </message>
    <message>
        <source>The windows between are left out; each can be analysed later.</source>
        <translation>中间的窗口先跳过，之后可逐个补做分析。</translation>
    </message>
    <message>
        <source>At the limit: windows are kept</source>
        <translation>达到上限：窗口先保留</translation>
    </message>
    <message>
        <source>Nothing more is sent. Kept windows are analysed when you ask for it.</source>
        <translation>不再发送任何内容。保留的窗口在您要求时再分析。</translation>
    </message>
    <message>
        <source>Cheaper model</source>
        <translation>更便宜的模型</translation>
    </message>
    <message>
        <source>The cheapest that has a price</source>
        <translation>已知价格中最便宜的</translation>
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
    <name>ElsewhereList</name>
    <message>
        <source>Other devices cannot be shown now</source>
        <translation>目前无法显示其他设备</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Searched titles, notes and texts of other devices.</source>
        <translation>已搜索其他设备的标题、备注和文字。</translation>
    </message>
    <message>
        <source>Filters are in force.</source>
        <translation>筛选条件生效中。</translation>
    </message>
    <message>
        <source>Nothing says “{0}”</source>
        <translation>没有找到“{0}”</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>清除搜索</translation>
    </message>
    <message>
        <source>No recording is like that</source>
        <translation>没有符合条件的录像</translation>
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
        <source>What other devices mirror to the same database appears here.</source>
        <translation>其他设备镜像到同一数据库的内容会显示在这里。</translation>
    </message>
    <message>
        <source>No other device has recorded anything yet</source>
        <translation>其他设备还没有录像</translation>
    </message>
    <message>
        <source>Look again</source>
        <translation>再看一次</translation>
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
    <name>FetchPanel</name>
    <message>
        <source>Fetch and play</source>
        <translation>获取并播放</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
</context>
<context>
    <name>Fetching</name>
    <message>
        <source>Still being recorded on {0}.</source>
        <translation>{0} 仍在录制。</translation>
    </message>
    <message>
        <source>The video can be fetched when it is complete.</source>
        <translation>录制完成后即可获取视频。</translation>
    </message>
    <message>
        <source>The video is in your object store</source>
        <translation>视频在您的对象存储中</translation>
    </message>
    <message>
        <source>{0}, {1}. It is not on this computer.</source>
        <translation>{0}，{1}。本机没有该文件。</translation>
    </message>
    <message>
        <source>The video cannot be fetched now</source>
        <translation>目前无法获取视频</translation>
    </message>
    <message>
        <source>The text about it is still here.</source>
        <translation>文字仍然保留。</translation>
    </message>
    <message>
        <source>It has not been sent to your object store, or its time there is over.</source>
        <translation>它尚未发送到您的对象存储，或保存期限已过。</translation>
    </message>
    <message>
        <source>The video is on {0} only.</source>
        <translation>视频只在 {0} 上。</translation>
    </message>
    <message>
        <source>No object store is set up here to fetch it from.</source>
        <translation>本机尚未设置可供获取的对象存储。</translation>
    </message>
    <message>
        <source>Your rule for old video removed it on {0}, and it is in no object store now. {1}</source>
        <translation>您的旧视频规则已于 {0} 将其移除，目前对象存储中也没有。{1}</translation>
    </message>
    <message>
        <source>The video is not here any more.</source>
        <translation>视频已不在本机。</translation>
    </message>
    <message>
        <source>The video file is gone.</source>
        <translation>视频文件已不存在。</translation>
    </message>
    <message>
        <source>It was {0}. The text about it is still here.</source>
        <translation>原位置为 {0}。文字仍然保留。</translation>
    </message>
    <message>
        <source>Fetching the video</source>
        <translation>正在获取视频</translation>
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
    <name>Find</name>
    <message>
        <source>Find a setting</source>
        <translation>查找设置</translation>
    </message>
    <message>
        <source>No setting is called so.</source>
        <translation>没有这样的设置。</translation>
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
    <name>KeptRow</name>
    <message>
        <source>Forget</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Replace…</source>
        <translation>更换…</translation>
    </message>
</context>
<context>
    <name>KeyEntry</name>
    <message>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Where the key is kept</source>
        <translation>密钥存放位置</translation>
    </message>
    <message>
        <source>System keyring</source>
        <translation>系统密钥环</translation>
    </message>
    <message>
        <source>Stays on this computer, behind your login.</source>
        <translation>保存在本机，受登录保护。</translation>
    </message>
    <message>
        <source>This run only</source>
        <translation>仅本次运行</translation>
    </message>
    <message>
        <source>Forgotten when Skiuo is closed.</source>
        <translation>关闭 Skiuo 后即忘记。</translation>
    </message>
    <message>
        <source>Environment variable</source>
        <translation>环境变量</translation>
    </message>
    <message>
        <source>Only its name is kept.</source>
        <translation>只保存变量名。</translation>
    </message>
    <message>
        <source>Paste the key</source>
        <translation>粘贴密钥</translation>
    </message>
    <message>
        <source>Write the name of the variable.</source>
        <translation>请填写变量名。</translation>
    </message>
    <message>
        <source>Paste the key.</source>
        <translation>请粘贴密钥。</translation>
    </message>
    <message>
        <source>Name of the variable, such as {0}</source>
        <translation>变量名，例如 {0}</translation>
    </message>
    <message>
        <source>The name of a variable has letters, digits and underscores. The key itself is never written here.</source>
        <translation>变量名由字母、数字和下划线组成。密钥本身不写在这里。</translation>
    </message>
    <message>
        <source>A key has no spaces and no letters beyond ASCII.</source>
        <translation>密钥不含空格，也不含 ASCII 以外的字符。</translation>
    </message>
</context>
<context>
    <name>KeyRow</name>
    <message>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Save key</source>
        <translation>保存密钥</translation>
    </message>
    <message>
        <source>None needed</source>
        <translation>不需要</translation>
    </message>
    <message>
        <source>Set a key…</source>
        <translation>设置密钥…</translation>
    </message>
</context>
<context>
    <name>Ledger</name>
    <message>
        <source>under way</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>kept answer</source>
        <translation>已保留的回答</translation>
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
        <source>{0} frames, {1} a second</source>
        <translation>{0} 帧，每秒 {1} 帧</translation>
    </message>
    <message>
        <source>{0} frames</source>
        <translation>{0} 帧</translation>
    </message>
    <message>
        <source>{0} as {1}</source>
        <translation>{0}，{1} 格式</translation>
    </message>
    <message>
        <source>Fetched from</source>
        <translation>取自</translation>
    </message>
    <message>
        <source>Object</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Address valid for</source>
        <translation>地址有效期</translation>
    </message>
    <message>
        <source>as a video inside the request</source>
        <translation>视频，内联在请求中</translation>
    </message>
    <message>
        <source>as a video that was fetched from your object store</source>
        <translation>由模型从您的对象存储取得的视频</translation>
    </message>
    <message>
        <source>as single pictures inside the request</source>
        <translation>逐帧图片，内联在请求中</translation>
    </message>
    <message>
        <source>as a file, uploaded before and deleted afterwards</source>
        <translation>文件，先上传，用后删除</translation>
    </message>
    <message>
        <source>only text, no picture</source>
        <translation>只有文字，没有画面</translation>
    </message>
    <message>
        <source>How</source>
        <translation>方式</translation>
    </message>
    <message>
        <source>Because</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Sound</source>
        <translation>声音</translation>
    </message>
    <message>
        <source>sent along</source>
        <translation>一并发送</translation>
    </message>
    <message>
        <source>not sent</source>
        <translation>未发送</translation>
    </message>
    <message>
        <source>Taken at</source>
        <translation>取帧时刻</translation>
    </message>
    <message>
        <source>{0} s of the window</source>
        <translation>窗口的第 {0} 秒</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Price beforehand</source>
        <translation>预估价格</translation>
    </message>
    <message>
        <source>about {0}</source>
        <translation>约 {0}</translation>
    </message>
    <message>
        <source>Answered by</source>
        <translation>回答者</translation>
    </message>
    <message>
        <source>Ended because of</source>
        <translation>结束原因</translation>
    </message>
    <message>
        <source>Tokens for thinking</source>
        <translation>思考词元</translation>
    </message>
    <message>
        <source>Tokens in from the server&apos;s cache</source>
        <translation>来自服务器缓存的输入词元</translation>
    </message>
    <message>
        <source>Tokens a second</source>
        <translation>每秒词元</translation>
    </message>
    <message>
        <source>{0}, version {1}</source>
        <translation>{0}，第 {1} 版</translation>
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
        <source>A kept answer.</source>
        <translation>已保留的回答。</translation>
    </message>
    <message>
        <source>The same question had been asked before, so nothing was sent and nothing paid.</source>
        <translation>同样的问题以前问过，因此没有发送，也没有付费。</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>已发送</translation>
    </message>
    <message>
        <source>Sent then</source>
        <translation>当时发送的内容</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>Attempts</source>
        <translation>尝试</translation>
    </message>
    <message>
        <source>Why this model</source>
        <translation>为何是该模型</translation>
    </message>
    <message>
        <source>Why it failed</source>
        <translation>失败原因</translation>
    </message>
    <message>
        <source>Send again, about {0}</source>
        <translation>重新发送，约 {0}</translation>
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
        <source>Text only</source>
        <translation>仅文字</translation>
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
        <source>This computer</source>
        <translation>本机</translation>
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
        <source>Other devices</source>
        <translation>其他设备</translation>
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
    <message>
        <source>Title</source>
        <translation>标题</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>备注</translation>
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
    <name>ModelEditor</name>
    <message>
        <source>Test with a real clip</source>
        <translation>用真实片段测试</translation>
    </message>
    <message>
        <source>Changes are kept at once and used from the next window.</source>
        <translation>更改立即保存，从下一个窗口起生效。</translation>
    </message>
    <message>
        <source>Remove this model…</source>
        <translation>移除此模型…</translation>
    </message>
    <message>
        <source>Measured and read on this device</source>
        <translation>在本机测量和读取</translation>
    </message>
</context>
<context>
    <name>ModelField</name>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>No model is set up.</source>
        <translation>没有设置模型。</translation>
    </message>
    <message>
        <source>No model</source>
        <translation>没有模型</translation>
    </message>
    <message>
        <source>{0} and {1} more</source>
        <translation>{0} 等（另 {1} 个）</translation>
    </message>
    <message>
        <source>{0} of {1} not asked</source>
        <translation>{1} 个中有 {0} 个暂不询问</translation>
    </message>
</context>
<context>
    <name>ModelForm</name>
    <message>
        <source>Provider</source>
        <translation>服务商</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Name in Skiuo</source>
        <translation>在 Skiuo 中的名称</translation>
    </message>
    <message>
        <source>Base URL</source>
        <translation>接口地址</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>How the video is delivered</source>
        <translation>视频的传送方式</translation>
    </message>
    <message>
        <source>Price in, per million tokens</source>
        <translation>输入价（每百万词元）</translation>
    </message>
    <message>
        <source>Price out, per million tokens</source>
        <translation>输出价（每百万词元）</translation>
    </message>
    <message>
        <source>Currency</source>
        <translation>货币</translation>
    </message>
    <message>
        <source>Frames a second</source>
        <translation>每秒帧数</translation>
    </message>
    <message>
        <source>auto</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Price out</source>
        <translation>输出价</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>Longest answer</source>
        <translation>最长回答</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>Requests a minute</source>
        <translation>每分钟请求</translation>
    </message>
    <message>
        <source>Give up after</source>
        <translation>超时放弃</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>秒</translation>
    </message>
    <message>
        <source>Every day</source>
        <translation>每天</translation>
    </message>
    <message>
        <source>Mon–Fri</source>
        <translation>周一至周五</translation>
    </message>
    <message>
        <source>Sat–Sun</source>
        <translation>周六、周日</translation>
    </message>
    <message>
        <source>Used on</source>
        <translation>使用日</translation>
    </message>
    <message>
        <source>Tokens a minute</source>
        <translation>每分钟词元</translation>
    </message>
    <message>
        <source>Windows at once</source>
        <translation>同时请求的窗口</translation>
    </message>
    <message>
        <source>From hour</source>
        <translation>从几点</translation>
    </message>
    <message>
        <source>any</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>h</source>
        <translation>点</translation>
    </message>
    <message>
        <source>To hour</source>
        <translation>到几点</translation>
    </message>
    <message>
        <source>While budget is left</source>
        <translation>预算至少剩余</translation>
    </message>
    <message>
        <source>On other days, at other hours, and when less of a budget is left, the next model in the list stands in.</source>
        <translation>在其他日子、其他时段，以及预算剩余不足时，由列表中的下一个模型代替。</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>地域</translation>
    </message>
    <message>
        <source>By its address</source>
        <translation>按地址识别</translation>
    </message>
    <message>
        <source>Folder or name on the hub</source>
        <translation>文件夹或模型库名称</translation>
    </message>
    <message>
        <source>Write the model&apos;s name as the provider calls it.</source>
        <translation>请按服务商的写法填写模型名称。</translation>
    </message>
    <message>
        <source>Write both prices, or neither.</source>
        <translation>两个价格都填，或都不填。</translation>
    </message>
    <message>
        <source>Write two different hours, or none.</source>
        <translation>填写两个不同的钟点，或都不填。</translation>
    </message>
    <message>
        <source>Write a name.</source>
        <translation>请填写名称。</translation>
    </message>
    <message>
        <source>At most 63 characters, without commas, colons and slashes.</source>
        <translation>最多 63 个字符，不含逗号、冒号和斜杠。</translation>
    </message>
    <message>
        <source>Another model has this name.</source>
        <translation>已有模型使用该名称。</translation>
    </message>
    <message>
        <source>Write the server&apos;s address.</source>
        <translation>请填写服务器地址。</translation>
    </message>
    <message>
        <source>Write your own workspace&apos;s id in place of {WorkspaceId}.</source>
        <translation>请把 {WorkspaceId} 换成您自己的业务空间 ID。</translation>
    </message>
    <message>
        <source>An address begins with https://, or with http:// for a server of your own.</source>
        <translation>地址以 https:// 开头；自己的服务器也可以用 http://。</translation>
    </message>
    <message>
        <source>The key does not belong into the address.</source>
        <translation>密钥不应写在地址里。</translation>
    </message>
</context>
<context>
    <name>ModelList</name>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Add a model</source>
        <translation>添加模型</translation>
    </message>
    <message>
        <source>Which models are asked</source>
        <translation>询问哪些模型</translation>
    </message>
    <message>
        <source>Ask the first</source>
        <translation>询问第一个</translation>
    </message>
    <message>
        <source>Ask all that are on</source>
        <translation>询问所有已开启的</translation>
    </message>
    <message>
        <source>Whose text stands</source>
        <translation>采用谁的文字</translation>
    </message>
    <message>
        <source>Whose text stands in the narrative</source>
        <translation>文稿采用谁的文字</translation>
    </message>
    <message>
        <source>Judge</source>
        <translation>评判</translation>
    </message>
    <message>
        <source>Chosen by</source>
        <translation>如何选出</translation>
    </message>
    <message>
        <source>The first in the list</source>
        <translation>列表中的第一个</translation>
    </message>
    <message>
        <source>The other answers are kept beside it.</source>
        <translation>其他回答并列保留。</translation>
    </message>
    <message>
        <source>The best answer</source>
        <translation>最好的回答</translation>
    </message>
    <message>
        <source>The one that the others agree with most, or a judge&apos;s choice.</source>
        <translation>与其他回答最一致的，或由评判模型选出。</translation>
    </message>
    <message>
        <source>The majority</source>
        <translation>多数</translation>
    </message>
    <message>
        <source>Each also names a label; the one named most often wins.</source>
        <translation>每个模型再给出一个标签，出现最多的胜出。</translation>
    </message>
    <message>
        <source>Each window goes to every model that is on. Drag to change their rank, or press Alt+↑ and Alt+↓.</source>
        <translation>每个窗口都交给所有已开启的模型。拖动或按 Alt+↑ / Alt+↓ 调整名次。</translation>
    </message>
    <message>
        <source>Tried from top to bottom. Drag to change the order, or press Alt+↑ and Alt+↓.</source>
        <translation>从上到下依次尝试。拖动或按 Alt+↑ / Alt+↓ 调整顺序。</translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation>一致程度</translation>
    </message>
    <message>
        <source>Compared by their words, free of charge.</source>
        <translation>按文字比较，不产生费用。</translation>
    </message>
    <message>
        <source>Reads all answers; is paid.</source>
        <translation>阅读所有回答，需付费。</translation>
    </message>
    <message>
        <source>Nothing is switched on: windows are recorded and not analysed.</source>
        <translation>没有开启任何模型：只录制窗口，不作分析。</translation>
    </message>
    <message>
        <source>Only the offline measurer is on: nothing is sent to a model.</source>
        <translation>只启用了离线测量器：不向任何模型发送内容。</translation>
    </message>
    <message>
        <source>A window that fails {0} times stays failed. Every attempt that may have been billed counts against your budget.</source>
        <translation>一个窗口失败 {0} 次后保持失败。每次可能已计费的尝试都计入预算。</translation>
    </message>
    <message>
        <source>A window goes to the next model after {0} attempts. Every attempt that may have been billed counts against your budget.</source>
        <translation>一个窗口尝试 {0} 次后转到下一个模型。每次可能已计费的尝试都计入预算。</translation>
    </message>
</context>
<context>
    <name>ModelWords</name>
    <message>
        <source>Offline measurer</source>
        <translation>离线测量器</translation>
    </message>
    <message>
        <source>key missing</source>
        <translation>缺少密钥</translation>
    </message>
    <message>
        <source>asked again at {0}</source>
        <translation>{0} 再次询问</translation>
    </message>
    <message>
        <source>nothing is sent</source>
        <translation>不发送任何内容</translation>
    </message>
    <message>
        <source>{0} a window</source>
        <translation>每窗口 {0}</translation>
    </message>
    <message>
        <source>{0}, falls behind</source>
        <translation>{0}，跟不上</translation>
    </message>
    <message>
        <source>not tested yet</source>
        <translation>尚未测试</translation>
    </message>
    <message>
        <source>the test failed</source>
        <translation>测试未通过</translation>
    </message>
    <message>
        <source>tested</source>
        <translation>已测试</translation>
    </message>
    <message>
        <source>Asked</source>
        <translation>正在使用</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>已关闭</translation>
    </message>
    <message>
        <source>If one fails</source>
        <translation>有模型失败时用</translation>
    </message>
    <message>
        <source>If {0} fails</source>
        <translation>第 {0} 个失败时用</translation>
    </message>
    <message>
        <source>price not known</source>
        <translation>价格未知</translation>
    </message>
    <message>
        <source>/h</source>
        <translation>/小时</translation>
    </message>
    <message>
        <source>In the system keyring</source>
        <translation>已存入系统密钥环</translation>
    </message>
    <message>
        <source>In the environment variable {0}</source>
        <translation>在环境变量 {0} 中</translation>
    </message>
    <message>
        <source>For this run only</source>
        <translation>仅本次运行有效</translation>
    </message>
    <message>
        <source>None</source>
        <translation>未设置</translation>
    </message>
    <message>
        <source>The environment variable {0} is not set</source>
        <translation>环境变量 {0} 未设置</translation>
    </message>
    <message>
        <source>Given for an earlier run only: enter it again</source>
        <translation>只在之前的运行中有效：请重新输入</translation>
    </message>
    <message>
        <source>Not in the keyring: enter it again</source>
        <translation>不在密钥环中：请重新输入</translation>
    </message>
    <message>
        <source>No price is known: what this model costs cannot be counted against a budget. Write it from its price list.</source>
        <translation>价格未知：该模型的费用无法计入预算。请按其价目表填写。</translation>
    </message>
    <message>
        <source>Prices as of {0}. They age: change them here if your bill differs.</source>
        <translation>价格读取于 {0}，可能变动；如与账单不符请在此修改。</translation>
    </message>
    <message>
        <source>They hold until {0}.</source>
        <translation>有效期至 {0}。</translation>
    </message>
    <message>
        <source>They hold up to {0} tokens sent; above that it is {1} in and {2} out.</source>
        <translation>适用于输入不超过 {0} 词元；超过后输入 {1}、输出 {2}。</translation>
    </message>
    <message>
        <source>Auto</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Inline</source>
        <translation>内嵌</translation>
    </message>
    <message>
        <source>URL</source>
        <translation>URL</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>帧序列</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>上传文件</translation>
    </message>
    <message>
        <source>The video is part of the request.</source>
        <translation>视频包含在请求中。</translation>
    </message>
    <message>
        <source>The server fetches the video from your object store, by an address that expires. Where it cannot, the video is part of the request.</source>
        <translation>服务器通过限时地址从您的对象存储取得视频；无法取得时，视频随请求一同发送。</translation>
    </message>
    <message>
        <source>Single pictures from the video are part of the request; sound is not sent. Most servers take them.</source>
        <translation>请求中包含从视频取出的单张画面，不发送声音。大多数服务器都接受。</translation>
    </message>
    <message>
        <source>The video is uploaded to the provider first and deleted there afterwards.</source>
        <translation>先把视频上传给服务商，用后在其处删除。</translation>
    </message>
    <message>
        <source>Test with a real clip: then it is known what this server takes.</source>
        <translation>请用真实片段测试：之后才知道该服务器接受什么。</translation>
    </message>
    <message>
        <source>The test found no way that reaches this model.</source>
        <translation>测试没有找到能送达该模型的方式。</translation>
    </message>
    <message>
        <source>Auto uses **{0}** here: the test saw it reach the model.</source>
        <translation>自动选择了**{0}**：测试表明它能送达模型。</translation>
    </message>
    <message>
        <source>Auto uses **{0}** here: the server accepted a video, but the model did not see it.</source>
        <translation>自动选择了**{0}**：服务器接受了视频，但模型没有看到。</translation>
    </message>
    <message>
        <source>Auto uses **{0}** here: the server took no video.</source>
        <translation>自动选择了**{0}**：该服务器不接受视频。</translation>
    </message>
    <message>
        <source>Server reached</source>
        <translation>连通服务器</translation>
    </message>
    <message>
        <source>Text answered</source>
        <translation>文字应答</translation>
    </message>
    <message>
        <source>Model loaded</source>
        <translation>模型载入</translation>
    </message>
    <message>
        <source>Video seen</source>
        <translation>看到视频</translation>
    </message>
    <message>
        <source>Video fetched</source>
        <translation>已取得视频</translation>
    </message>
    <message>
        <source>Frames seen</source>
        <translation>看到画面</translation>
    </message>
    <message>
        <source>Upload seen</source>
        <translation>看到上传</translation>
    </message>
    <message>
        <source>Price counted</source>
        <translation>计价完成</translation>
    </message>
    <message>
        <source>passed</source>
        <translation>通过</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>not seen</source>
        <translation>未看到</translation>
    </message>
    <message>
        <source>under way</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>not reached</source>
        <translation>未到达</translation>
    </message>
    <message>
        <source>{0} tokens</source>
        <translation>{0} 词元</translation>
    </message>
    <message>
        <source>The test stopped</source>
        <translation>测试中断</translation>
    </message>
    <message>
        <source>A real clip reached the model, not on every way</source>
        <translation>真实片段已送达模型，但并非每种方式都行</translation>
    </message>
    <message>
        <source>A real clip passed every hop</source>
        <translation>真实片段走通了每一步</translation>
    </message>
</context>
<context>
    <name>Models</name>
    <message>
        <source>price not known</source>
        <translation>价格未知</translation>
    </message>
    <message>
        <source>{0}/h</source>
        <translation>{0}/小时</translation>
    </message>
    <message>
        <source>{0} an hour</source>
        <translation>每小时 {0}</translation>
    </message>
    <message>
        <source>The key is missing</source>
        <translation>缺少密钥</translation>
    </message>
    <message>
        <source>{0}: not asked until you change it</source>
        <translation>{0}：更改之前不再询问</translation>
    </message>
    <message>
        <source>{0}: asked again at {1}</source>
        <translation>{0}：{1} 再次询问</translation>
    </message>
    <message>
        <source>Not asked now</source>
        <translation>暂不询问</translation>
    </message>
    <message>
        <source>no key</source>
        <translation>没有密钥</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>paused until {0}</source>
        <translation>暂停至 {0}</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>{0}: needs you</source>
        <translation>{0}：需要您处理</translation>
    </message>
    <message>
        <source>Text, motion, scenes, light, speech</source>
        <translation>文字、运动、场景、光线、语音</translation>
    </message>
    <message>
        <source>{0} a window</source>
        <translation>每窗口 {0}</translation>
    </message>
    <message>
        <source>{0}, falls behind</source>
        <translation>{0}，跟不上</translation>
    </message>
    <message>
        <source>stands in</source>
        <translation>备用</translation>
    </message>
    <message>
        <source>Picture frames of each window, no sound, and the text so far</source>
        <translation>每个窗口的画面帧（不含声音）和已有的文字</translation>
    </message>
    <message>
        <source>The video of each window with its sound, and the text so far</source>
        <translation>每个窗口的视频（含声音）和已有的文字</translation>
    </message>
    <message>
        <source>The video of each window, no sound, and the text so far</source>
        <translation>每个窗口的视频（不含声音）和已有的文字</translation>
    </message>
    <message>
        <source>The video of each window with its sound, or frames of it, and the text so far</source>
        <translation>每个窗口的视频（含声音）或画面帧，以及已有的文字</translation>
    </message>
    <message>
        <source>The video of each window, or frames of it, no sound, and the text so far</source>
        <translation>每个窗口的视频或画面帧（不含声音），以及已有的文字</translation>
    </message>
    <message>
        <source>A copy goes to your own server, {0}.</source>
        <translation>副本会发送到您的自有服务器（{0}）。</translation>
    </message>
    <message>
        <source>Nothing goes to a model of others.</source>
        <translation>不向外部模型发送任何内容。</translation>
    </message>
    <message>
        <source>Nothing. Video and text stay on this device.</source>
        <translation>没有。视频和文字都留在本机。</translation>
    </message>
    <message>
        <source>{0}, to {1}.</source>
        <translation>{0}，发往{1}。</translation>
    </message>
    <message>
        <source>Choose the offline measurer to send nothing.</source>
        <translation>选择离线测量器则不发送任何内容。</translation>
    </message>
</context>
<context>
    <name>ModelsSection</name>
    <message>
        <source>Remove {0}?</source>
        <translation>移除 {0}？</translation>
    </message>
    <message>
        <source>Its settings and its key in the system keyring are removed. What it has written stays.</source>
        <translation>它的设置和系统密钥环中的密钥会被移除，已写出的文字保留。</translation>
    </message>
    <message>
        <source>Remove model</source>
        <translation>移除模型</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>{0} is removed.</source>
        <translation>已移除 {0}。</translation>
    </message>
    <message>
        <source>{0} is added. A short clip is sent to it now, to see what it takes.</source>
        <translation>已添加 {0}。正在向它发送一个短片段，以了解它支持的发送方式。</translation>
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
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>Kept for later</source>
        <translation>留待以后</translation>
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
        <source>Open settings</source>
        <translation>打开设置</translation>
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
        <source>{0} may have been billed.</source>
        <translation>可能已计费 {0}。</translation>
    </message>
    <message>
        <source>Skiuo is trying again.</source>
        <translation>Skiuo 正在重试。</translation>
    </message>
    <message>
        <source>Skiuo tries again by itself in {0} s.</source>
        <translation>Skiuo 将在 {0} 秒后自动重试。</translation>
    </message>
    <message>
        <source>attempt {0} of {1}</source>
        <translation>第 {0} 次，共 {1} 次</translation>
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
        <source>Measured and read on that device</source>
        <translation>在该设备上测量并读取</translation>
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
        <source>Left out to save the budget.</source>
        <translation>为节省预算而略过。</translation>
    </message>
    <message>
        <source>No model was to be asked at this time.</source>
        <translation>此时段不使用任何模型。</translation>
    </message>
    <message>
        <source>The budget is used up; nothing was sent.</source>
        <translation>预算已用完，没有发送。</translation>
    </message>
    <message>
        <source>Analyse now</source>
        <translation>现在分析</translation>
    </message>
    <message>
        <source>Analyse again, about {0}</source>
        <translation>重新分析，约 {0}</translation>
    </message>
    <message>
        <source>about {0}</source>
        <translation>约 {0}</translation>
    </message>
    <message>
        <source>{0} → {1} tokens</source>
        <translation>{0} → {1} 词元</translation>
    </message>
    <message>
        <source>kept answer, nothing paid</source>
        <translation>已保留的回答，未付费</translation>
    </message>
    <message>
        <source>In the narrative</source>
        <translation>已用于文稿</translation>
    </message>
    <message>
        <source>Use this one</source>
        <translation>使用这个</translation>
    </message>
    <message>
        <source>1 other answer</source>
        <translation>另有 1 个回答</translation>
    </message>
    <message>
        <source>{0} other answers</source>
        <translation>另有 {0} 个回答</translation>
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
    <name>NewModel</name>
    <message>
        <source>Add a model</source>
        <translation>添加模型</translation>
    </message>
    <message>
        <source>Provider</source>
        <translation>服务商</translation>
    </message>
    <message>
        <source>Who answers</source>
        <translation>由谁回答</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Name in Skiuo</source>
        <translation>在 Skiuo 中的名称</translation>
    </message>
    <message>
        <source>Base URL</source>
        <translation>接口地址</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Add this model</source>
        <translation>添加此模型</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>It is added switched off. Nothing is sent before you test it or switch it on.</source>
        <translation>添加后处于关闭状态。在您测试或开启之前不发送任何内容。</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>地域</translation>
    </message>
    <message>
        <source>Folder or name on the hub</source>
        <translation>文件夹或模型库名称</translation>
    </message>
    <message>
        <source>Key, where the server wants one</source>
        <translation>密钥（服务器要求时填写）</translation>
    </message>
    <message>
        <source>Write the model&apos;s name as the provider calls it.</source>
        <translation>请按服务商的写法填写模型名称。</translation>
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
    <message>
        <source>Everything is kept on this computer. A copy goes to your own server.</source>
        <translation>所有内容都保存在本机，并向您的自有服务器发送副本。</translation>
    </message>
</context>
<context>
    <name>NumberField</name>
    <message>
        <source>A whole number from {0} to {1}.</source>
        <translation>请填写 {0} 到 {1} 的整数。</translation>
    </message>
    <message>
        <source>A number from {0} to {1}.</source>
        <translation>请填写 {0} 到 {1} 的数。</translation>
    </message>
</context>
<context>
    <name>PlainHosts</name>
    <message>
        <source>Not encrypted.</source>
        <translation>未加密。</translation>
    </message>
    <message>
        <source>Everybody on the way to {0} can read keys, pictures and texts.</source>
        <translation>通往 {0} 途中的任何人都能读取密钥、画面和文字。</translation>
    </message>
    <message>
        <source>Allow connections to {0} without encryption</source>
        <translation>允许与 {0} 建立未加密的连接</translation>
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
    <name>PromptEditor</name>
    <message>
        <source>Back to how it came</source>
        <translation>恢复原样</translation>
    </message>
    <message>
        <source>Used for new recordings</source>
        <translation>用于新录像</translation>
    </message>
    <message>
        <source>Use for new recordings</source>
        <translation>用于新录像</translation>
    </message>
    <message>
        <source>Language of the prompt</source>
        <translation>提示词的语言</translation>
    </message>
    <message>
        <source>Text for answers in</source>
        <translation>回答语言对应的文本</translation>
    </message>
    <message>
        <source>A prompt has a text for each language that models write in.</source>
        <translation>提示词为模型书写的每种语言各备一份文本。</translation>
    </message>
    <message>
        <source>Who the model is</source>
        <translation>模型的角色</translation>
    </message>
    <message>
        <source>What it is asked about each window</source>
        <translation>对每个窗口的提问</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Words with commas between them. Where several models vote, each names the one that fits best.</source>
        <translation>用逗号分隔的词语。多个模型投票时，各自给出最合适的一个。</translation>
    </message>
    <message>
        <source>Places that are filled for each window</source>
        <translation>每个窗口会填入的占位符</translation>
    </message>
    <message>
        <source>At most 20 different words of at most 40 characters.</source>
        <translation>最多 20 个不同的词语，每个不超过 40 个字符。</translation>
    </message>
</context>
<context>
    <name>PromptWords</name>
    <message>
        <source>which part of the recording this is, in a sentence</source>
        <translation>一句话说明这是录像的哪一段</translation>
    </message>
    <message>
        <source>where the part begins, such as 01:00</source>
        <translation>这一段的开始时间，例如 01:00</translation>
    </message>
    <message>
        <source>where it ends</source>
        <translation>结束时间</translation>
    </message>
    <message>
        <source>its length in seconds</source>
        <translation>长度（秒）</translation>
    </message>
    <message>
        <source>the date; with it no kept answer is used again</source>
        <translation>日期；使用后不再复用已存的回答</translation>
    </message>
    <message>
        <source>the time of day; with it no kept answer is used again</source>
        <translation>时刻；使用后不再复用已存的回答</translation>
    </message>
    <message>
        <source>what was said of the part before</source>
        <translation>对上一段的描述</translation>
    </message>
    <message>
        <source>what was said of all parts before, a sentence each</source>
        <translation>对此前各段的描述，每段一句</translation>
    </message>
    <message>
        <source>how many seconds are described already</source>
        <translation>已经描述过多少秒</translation>
    </message>
    <message>
        <source>how to write: two to four plain sentences on what is new</source>
        <translation>写法：用两到四句平实的话写新内容</translation>
    </message>
    <message>
        <source>This is what the model is asked: it cannot be empty.</source>
        <translation>这是向模型提出的问题，不能为空。</translation>
    </message>
    <message>
        <source>{0} characters; {1} are the most.</source>
        <translation>共 {0} 个字符，最多 {1} 个。</translation>
    </message>
    <message>
        <source>Line {0} has a brace without its other half. A brace that is meant as itself is written twice.</source>
        <translation>第 {0} 行的花括号不成对。要写花括号本身请连写两个。</translation>
    </message>
    <message>
        <source>Line {0}: there is no place {1}. Known places are listed below.</source>
        <translation>第 {0} 行：没有占位符 {1}。可用的占位符列在下方。</translation>
    </message>
    <message>
        <source>Changed by you · version {0}</source>
        <translation>您已修改 · 第 {0} 版</translation>
    </message>
    <message>
        <source>Yours · version {0}</source>
        <translation>您创建的 · 第 {0} 版</translation>
    </message>
    <message>
        <source>As it came</source>
        <translation>原样</translation>
    </message>
</context>
<context>
    <name>PromptsSection</name>
    <message>
        <source>Prompts</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>What a model is asked about each window. A change counts from the next window.</source>
        <translation>对每个窗口向模型提出的问题。更改从下一个窗口起生效。</translation>
    </message>
    <message>
        <source>Models write in</source>
        <translation>模型书写语言</translation>
    </message>
    <message>
        <source>As the window</source>
        <translation>与界面相同</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>使用中</translation>
    </message>
    <message>
        <source>{0} is as it came.</source>
        <translation>“{0}”已恢复原样。</translation>
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
        <source>Skiuo will save the video here, show {0} seconds of it to {1} every {2} seconds, and write what it sees in this column.</source>
        <translation>Skiuo 会把视频保存在本机，每 {2} 秒把其中 {0} 秒交给本机的 {1}，并把看到的写在这一栏。</translation>
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
        <source>{0} is not asked now</source>
        <translation>暂不询问 {0}</translation>
    </message>
    <message>
        <source>It takes {0} for a window, and a new one comes every {1}: its text comes later and later</source>
        <translation>它分析一个窗口需要 {0}，而每 {1}就有一个新窗口：文字会越来越晚</translation>
    </message>
    <message>
        <source>{0} falls behind</source>
        <translation>{0} 跟不上</translation>
    </message>
    <message>
        <source>{0} described a test clip</source>
        <translation>{0} 描述过测试片段</translation>
    </message>
    <message>
        <source>Tested {0}</source>
        <translation>测试于 {0}</translation>
    </message>
    <message>
        <source>What {0} costs is not known</source>
        <translation>{0} 的价格未知</translation>
    </message>
    <message>
        <source>It counts against no budget until you enter its price</source>
        <translation>填写价格之前，它不计入任何预算</translation>
    </message>
    <message>
        <source>About {0} an hour with {1}</source>
        <translation>使用 {1} 每小时约 {0}</translation>
    </message>
    <message>
        <source>What is really counted stands under each text</source>
        <translation>实际用量写在每段文字下方</translation>
    </message>
    <message>
        <source>The budget of a recording lasts {0}</source>
        <translation>每段录像的预算可用 {0}</translation>
    </message>
    <message>
        <source>Today’s budget lasts {0} more</source>
        <translation>今日预算还可用 {0}</translation>
    </message>
    <message>
        <source>This month’s budget lasts {0} more</source>
        <translation>本月预算还可用 {0}</translation>
    </message>
    <message>
        <source>The budget is used up: windows are kept for later</source>
        <translation>预算已用完：窗口留待以后分析</translation>
    </message>
    <message>
        <source>What leaves this computer</source>
        <translation>哪些内容会离开这台电脑</translation>
    </message>
</context>
<context>
    <name>RecordFoot</name>
    <message>
        <source>This month **{0}**</source>
        <translation>本月 **{0}**</translation>
    </message>
    <message>
        <source>Today **{0}** of {1}</source>
        <translation>今日 **{0}**，限额 {1}</translation>
    </message>
    <message>
        <source>This month **{0}** of {1}</source>
        <translation>本月 **{0}**，限额 {1}</translation>
    </message>
    <message>
        <source>**{0}** of {1} so far</source>
        <translation>至今 **{0}**，限额 {1}</translation>
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
    <message>
        <source>About {0} an hour</source>
        <translation>每小时约 {0}</translation>
    </message>
    <message>
        <source>Spent of the budget</source>
        <translation>预算已用</translation>
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
    <name>SecretRow</name>
    <message>
        <source>None needed so far</source>
        <translation>目前不需要</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>尚未设置</translation>
    </message>
    <message>
        <source>In the environment variable {0}</source>
        <translation>在环境变量 {0} 中</translation>
    </message>
    <message>
        <source>For this run only</source>
        <translation>仅本次运行</translation>
    </message>
    <message>
        <source>In the system keyring</source>
        <translation>在系统密钥环中</translation>
    </message>
    <message>
        <source>Set…</source>
        <translation>设置…</translation>
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
    <name>SettingWords</name>
    <message>
        <source>The step cannot be longer than the window: what lies between would never be analysed.</source>
        <translation>间隔不能大于窗口长度：中间的部分将永远得不到分析。</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Video codec</source>
        <translation>视频编码</translation>
    </message>
    <message>
        <source>Video bit rate</source>
        <translation>视频码率</translation>
    </message>
    <message>
        <source>Sound bit rate</source>
        <translation>声音码率</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>宽度</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>高度</translation>
    </message>
    <message>
        <source>Frames a second</source>
        <translation>每秒帧数</translation>
    </message>
    <message>
        <source>Prefer MJPG from cameras</source>
        <translation>摄像头优先使用 MJPG</translation>
    </message>
    <message>
        <source>Keep free on the disk</source>
        <translation>磁盘保留空间</translation>
    </message>
    <message>
        <source>Window length</source>
        <translation>窗口长度</translation>
    </message>
    <message>
        <source>A window every</source>
        <translation>窗口间隔</translation>
    </message>
    <message>
        <source>Attempts</source>
        <translation>尝试次数</translation>
    </message>
    <message>
        <source>Wait for the window before</source>
        <translation>等待上一个窗口</translation>
    </message>
    <message>
        <source>For one recording</source>
        <translation>每段录像</translation>
    </message>
    <message>
        <source>A day</source>
        <translation>每天</translation>
    </message>
    <message>
        <source>A calendar month</source>
        <translation>每个自然月</translation>
    </message>
    <message>
        <source>Currency</source>
        <translation>货币</translation>
    </message>
    <message>
        <source>Yuan for a dollar</source>
        <translation>一美元合人民币</translation>
    </message>
    <message>
        <source>Cheaper model</source>
        <translation>更便宜的模型</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Bucket</source>
        <translation>存储桶</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Public address</source>
        <translation>公网地址</translation>
    </message>
    <message>
        <source>Access key</source>
        <translation>访问密钥 ID</translation>
    </message>
    <message>
        <source>Secret key</source>
        <translation>私密密钥</translation>
    </message>
    <message>
        <source>Address of the database</source>
        <translation>数据库地址</translation>
    </message>
    <message>
        <source>Password of the database</source>
        <translation>数据库密码</translation>
    </message>
    <message>
        <source>Certificate of a private authority</source>
        <translation>私有机构的证书</translation>
    </message>
    <message>
        <source>Store clips</source>
        <translation>存储片段</translation>
    </message>
    <message>
        <source>Keep video in the store</source>
        <translation>在存储中保留视频</translation>
    </message>
    <message>
        <source>The store keeps video for</source>
        <translation>存储保留视频的时间</translation>
    </message>
    <message>
        <source>Upload limit</source>
        <translation>上传限速</translation>
    </message>
    <message>
        <source>Pause the mirror</source>
        <translation>暂停镜像</translation>
    </message>
    <message>
        <source>Pause on metered connections</source>
        <translation>在按流量计费的连接上暂停</translation>
    </message>
    <message>
        <source>Video is kept for</source>
        <translation>视频保留时间</translation>
    </message>
    <message>
        <source>Space for video</source>
        <translation>视频占用空间</translation>
    </message>
    <message>
        <source>Of this window, from the next start.</source>
        <translation>界面语言，下次启动时生效。</translation>
    </message>
    <message>
        <source>VP8 needs the least processor time; VP9 makes smaller files.</source>
        <translation>VP8 占用处理器最少；VP9 文件更小。</translation>
    </message>
    <message>
        <source>On average, for the picture.</source>
        <translation>画面的平均码率。</translation>
    </message>
    <message>
        <source>Of the Opus sound track.</source>
        <translation>Opus 音轨的码率。</translation>
    </message>
    <message>
        <source>A camera gives the nearest that it can.</source>
        <translation>摄像头会给出最接近的尺寸。</translation>
    </message>
    <message>
        <source>Of cameras and screens.</source>
        <translation>用于摄像头和屏幕。</translation>
    </message>
    <message>
        <source>Most USB cameras reach their full size and rate only as MJPG.</source>
        <translation>多数 USB 摄像头只有用 MJPG 才能达到最大尺寸和帧率。</translation>
    </message>
    <message>
        <source>A recording stops cleanly before less than this is left.</source>
        <translation>剩余空间低于此值前，录制会正常停止。</translation>
    </message>
    <message>
        <source>How much of a recording is analysed as one unit.</source>
        <translation>录像中作为一个单位分析的长度。</translation>
    </message>
    <message>
        <source>At most the length: then windows touch. Below it they overlap; a smaller step costs more.</source>
        <translation>最大等于窗口长度，此时窗口首尾相接；更小则相互重叠，费用更高。</translation>
    </message>
    <message>
        <source>How often a window is sent to one model before the next one&apos;s turn.</source>
        <translation>一个窗口对同一模型最多发送几次，然后换下一个。</translation>
    </message>
    <message>
        <source>A text goes on from the one before. It waits at most this long for it.</source>
        <translation>每段文字接着上一段写，最多等待这么久。</translation>
    </message>
    <message>
        <source>Counts prices of both currencies against one budget.</source>
        <translation>用于把两种货币的价格计入同一预算。</translation>
    </message>
    <message>
        <source>Asked for new windows when a budget nears its end.</source>
        <translation>预算将尽时用于新窗口。</translation>
    </message>
    <message>
        <source>Of a MinIO or another S3. Without one, no video is copied.</source>
        <translation>MinIO 或其他 S3 服务的地址。留空则不发送视频副本。</translation>
    </message>
    <message>
        <source>A PostgreSQL. Several hosts are allowed, with commas between them. Without one, no text is copied.</source>
        <translation>PostgreSQL 的地址，可用逗号分隔多个主机。留空则不发送文字副本。</translation>
    </message>
    <message>
        <source>Under which a cloud model reaches the same store, where it is another one.</source>
        <translation>若云端模型访问同一存储时使用另一个地址，请填写于此。</translation>
    </message>
    <message>
        <source>Where your servers have a certificate that no public authority has signed.</source>
        <translation>当您的服务器证书不是由公共机构签发时填写。</translation>
    </message>
    <message>
        <source>Each window goes there by itself, as it is analysed.</source>
        <translation>每个窗口在分析时单独发送。</translation>
    </message>
    <message>
        <source>Off: a clip goes when its text is final, a recording when it goes here.</source>
        <translation>关闭时：片段在其文字确定后移除，录像随本机一同移除。</translation>
    </message>
    <message>
        <source>By a rule of the bucket, which skiuo backend init sets.</source>
        <translation>由存储桶的规则执行，skiuo backend init 会设置该规则。</translation>
    </message>
    <message>
        <source>So that other things have room on your line.</source>
        <translation>为网络上的其他用途留出带宽。</translation>
    </message>
    <message>
        <source>Nothing is sent until you switch it off.</source>
        <translation>关闭此项之前不会发送任何内容。</translation>
    </message>
    <message>
        <source>Where the system says that data costs money.</source>
        <translation>当系统表明流量会产生费用时。</translation>
    </message>
    <message>
        <source>Older video files are removed, the oldest first.</source>
        <translation>移除更早的视频文件，最早的先移除。</translation>
    </message>
    <message>
        <source>When there is more, the oldest video files go first.</source>
        <translation>超出时先移除最早的视频文件。</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>pixels</source>
        <translation>像素</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>秒</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Section</source>
        <translation>栏目</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>栏目</translation>
    </message>
    <message>
        <source>General</source>
        <translation>常规</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>录制</translation>
    </message>
    <message>
        <source>Windows</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Prompts</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>Cost and limits</source>
        <translation>费用与限额</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>存储空间</translation>
    </message>
    <message>
        <source>Your server</source>
        <translation>自有服务器</translation>
    </message>
    <message>
        <source>Used when a source is opened next.</source>
        <translation>下次打开来源时生效。</translation>
    </message>
    <message>
        <source>A recording is analysed in windows. A change counts from the next recording.</source>
        <translation>录像按窗口分析。更改从下一段录像起生效。</translation>
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
        <source>Prompt</source>
        <translation>提示词</translation>
    </message>
    <message>
        <source>Looking for prompts…</source>
        <translation>正在查找提示词…</translation>
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
    <name>Storage</name>
    <message>
        <source>Nothing is to be removed now</source>
        <translation>目前没有需要移除的内容</translation>
    </message>
    <message>
        <source>The rule is about to remove 1 video, {0}</source>
        <translation>按规则即将移除 1 个视频，{0}</translation>
    </message>
    <message>
        <source>The rule is about to remove {0} videos, {1}</source>
        <translation>按规则即将移除 {0} 个视频，{1}</translation>
    </message>
    <message>
        <source>The video of “{0}” goes from this computer for good, {1}.</source>
        <translation>“{0}”的视频将从本机永久移除，{1}。</translation>
    </message>
    <message>
        <source>{0} videos go from this computer for good, {1}; the oldest is “{2}”.</source>
        <translation>{0} 个视频将从本机永久移除，{1}；最早的是“{2}”。</translation>
    </message>
    <message>
        <source>Texts, markers and thumbnails stay.</source>
        <translation>文字、标记和缩略图会保留。</translation>
    </message>
    <message>
        <source>1 more video stays: it is neither described nor in your object store.</source>
        <translation>另有 1 个视频保留：既未分析，也不在您的对象存储中。</translation>
    </message>
    <message>
        <source>{0} more videos stay: they are neither described nor in your object store.</source>
        <translation>另有 {0} 个视频保留：既未分析，也不在您的对象存储中。</translation>
    </message>
    <message>
        <source>A recording was made on {0}, which is later than this computer&apos;s clock: nothing is removed for its age.</source>
        <translation>有录像的录制时间为 {0}，晚于本机时钟：不会因时间移除任何内容。</translation>
    </message>
    <message>
        <source>{0} freed</source>
        <translation>已释放 {0}</translation>
    </message>
    <message>
        <source>Nothing was removed</source>
        <translation>没有移除任何内容</translation>
    </message>
</context>
<context>
    <name>StorageSection</name>
    <message>
        <source>Storage on this computer</source>
        <translation>本机存储空间</translation>
    </message>
    <message>
        <source>Only video files are ever removed, never a text. A video stays until its windows are described, or until it is in your object store.</source>
        <translation>只会移除视频文件，文字从不移除。视频会保留到其窗口分析完成，或已存入您的对象存储。</translation>
    </message>
    <message>
        <source>days</source>
        <translation>天</translation>
    </message>
    <message>
        <source>without end</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>Free {0} now…</source>
        <translation>立即释放 {0}…</translation>
    </message>
    <message>
        <source>Keep less video here?</source>
        <translation>减少本机保留的视频？</translation>
    </message>
    <message>
        <source>Leave the rule as it was</source>
        <translation>保持原规则</translation>
    </message>
    <message>
        <source>Free {0}</source>
        <translation>释放 {0}</translation>
    </message>
    <message>
        <source>Free space now?</source>
        <translation>现在释放空间？</translation>
    </message>
    <message>
        <source>Keep the video</source>
        <translation>保留视频</translation>
    </message>
</context>
<context>
    <name>Suggesting</name>
    <message>
        <source>Suggestions (Alt+↓)</source>
        <translation>建议（Alt+↓）</translation>
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
        <source>The budget has room again.</source>
        <translation>预算又有余额了。</translation>
    </message>
    <message>
        <source>Every window is analysed by the models that you chose.</source>
        <translation>每个窗口都由您选择的模型分析。</translation>
    </message>
    <message>
        <source>the recording’s budget</source>
        <translation>本段录像的预算</translation>
    </message>
    <message>
        <source>the day’s budget</source>
        <translation>每日预算</translation>
    </message>
    <message>
        <source>the month’s budget</source>
        <translation>每月预算</translation>
    </message>
    <message>
        <source>the budget</source>
        <translation>预算</translation>
    </message>
    <message>
        <source>{0} % of {1} is used.</source>
        <translation>{1}已用 {0}%。</translation>
    </message>
    <message>
        <source>Little is left of {0}.</source>
        <translation>{0}所剩不多。</translation>
    </message>
    <message>
        <source>New windows go to a cheaper model.</source>
        <translation>新窗口改用更便宜的模型。</translation>
    </message>
    <message>
        <source>New windows go to a cheaper model, and only every other one is sent.</source>
        <translation>新窗口改用更便宜的模型，并且每两个只发送一个。</translation>
    </message>
    <message>
        <source>New windows are kept for later and nothing is sent. The recording goes on; raise the budget, or analyse them another day.</source>
        <translation>新窗口留待以后，不发送任何内容。录制继续进行；可以提高预算，或改日再分析。</translation>
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
    <name>TestCard</name>
    <message>
        <source>Test with a real clip</source>
        <translation>用真实片段测试</translation>
    </message>
    <message>
        <source>It said</source>
        <translation>它说</translation>
    </message>
    <message>
        <source>Use this model</source>
        <translation>使用此模型</translation>
    </message>
    <message>
        <source>Not tested yet</source>
        <translation>尚未测试</translation>
    </message>
    <message>
        <source>A real clip shows whether the key is right, in which form video reaches the model, and what that costs.</source>
        <translation>真实片段可以检验密钥是否有效、视频以何种形式送达模型，以及费用多少。</translation>
    </message>
    <message>
        <source>Testing with a real clip</source>
        <translation>正在用真实片段测试</translation>
    </message>
    <message>
        <source>A few short requests go to {0}. They may be billed.</source>
        <translation>会向 {0} 发送几个简短请求，可能产生费用。</translation>
    </message>
    <message>
        <source>The test could not be made</source>
        <translation>无法进行测试</translation>
    </message>
    <message>
        <source>“{0}”</source>
        <translation>“{0}”</translation>
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
        <source>Describe with another model</source>
        <translation>用其他模型描述</translation>
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
        <source>Compare</source>
        <translation>比较</translation>
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
        <source>Any model</source>
        <translation>任一模型</translation>
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
        <source>Recorded on {0}.</source>
        <translation>由 {0} 录制。</translation>
    </message>
    <message>
        <source>Here it can be read and watched; it is renamed, analysed and deleted on that device.</source>
        <translation>此处可以阅读和观看；重命名、分析和删除需在该设备上进行。</translation>
    </message>
    <message>
        <source>A budget has kept 1 window for later.</source>
        <translation>有 1 个窗口因预算留待以后。</translation>
    </message>
    <message>
        <source>A budget has kept {0} windows for later.</source>
        <translation>有 {0} 个窗口因预算留待以后。</translation>
    </message>
    <message>
        <source>Analyse it now</source>
        <translation>现在分析</translation>
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
        <source>Settings</source>
        <translation>设置</translation>
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
    <name>_Footer</name>
    <message>
        <source>Models and fallback order…</source>
        <translation>模型与备用顺序…</translation>
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
<context>
    <name>_Offline</name>
    <message>
        <source>It reads the text in the picture and measures motion, scene changes, brightness, sharpness and sound, and says both in plain sentences.</source>
        <translation>它读取画面中的文字，测量运动、场景变化、亮度、清晰度和声音，并用平实的句子写出来。</translation>
    </message>
    <message>
        <source>It does not understand what it sees. Nothing leaves this computer and nothing is paid.</source>
        <translation>它并不理解看到的内容。任何内容都不会离开本机，也不产生费用。</translation>
    </message>
    <message>
        <source>It is always there and always last: switched on, it stands in when every other model that is on has failed, or writes alone when none is.</source>
        <translation>它始终存在并排在最后：开启后，在其他已开启的模型都失败时代替它们；没有其他模型开启时单独书写。</translation>
    </message>
</context>
<context>
    <name>_Preview</name>
    <message>
        <source>As the model reads it</source>
        <translation>模型读到的内容</translation>
    </message>
    <message>
        <source>about {0} tokens, paid for with each window</source>
        <translation>约 {0} 词元，每个窗口都要付费</translation>
    </message>
    <message>
        <source>not saved</source>
        <translation>未保存</translation>
    </message>
</context>
<context>
    <name>_Spent</name>
    <message>
        <source>of {0}</source>
        <translation>/ {0}</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>不限</translation>
    </message>
</context>
<context>
    <name>_Step</name>
    <message>
        <source>Now</source>
        <translation>当前</translation>
    </message>
</context>
</TS>
