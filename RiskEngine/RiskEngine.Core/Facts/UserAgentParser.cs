using System.Buffers;
using static RiskEngine.Core.Facts.UserAgentNames;

namespace RiskEngine.Core.Facts;

/// <summary>Reads a user agent: which browser, system and class of device it claims. Allocates nothing; any bytes are valid input.</summary>
/// <remarks>
/// One pass over words (RFC 9110, section 10.1.5: products and comments). Every browser names those it imitates as well, so each known word has a rank
/// and the highest rank names the browser; systems likewise. A number after a slash or after a system's name is a version. Words that are not known are
/// searched for what bots call themselves. What stands behind the first 1024 bytes is ignored.
/// </remarks>
public static class UserAgentParser
{
    private const int MaximumLength = 1024;

    /// <summary>Safari 5.1.7 of 2012 was the last for Windows.</summary>
    private const int LastSafariOnWindows = 5;

    /// <summary>Versions that lie ten years or more ahead: browsers grow by about thirteen a year and stood below 150 in 2025, telephones by one and below 30.</summary>
    private const int NoBrowserYet = 300, NoTelephoneYet = 45, NoWindowsYet = 20;

    private static readonly SearchValues<byte> Separators = SearchValues.Create(" ();,[]\t\""u8);

    public static DeviceFacts Parse(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaximumLength) utf8 = utf8[..MaximumLength];
        var state = default(State);
        while (!utf8.IsEmpty)
        {
            var end = utf8.IndexOfAny(Separators);
            var word = end < 0 ? utf8 : utf8[..end];
            utf8 = end < 0 ? default : utf8[(end + 1)..];
            if (!word.IsEmpty) state.Take(word);
        }

        return state.Conclude();
    }

    /// <summary>The name of a browser, library or bot; "unknown" for 0 and ids of later versions.</summary>
    public static string BrowserName(byte id) => UserAgentNames.Browser(id);

    /// <summary>The name of an operating system; "unknown" for 0 and ids of later versions.</summary>
    public static string OsName(byte id) => UserAgentNames.OperatingSystem(id);

    /// <summary>What the words so far have told.</summary>
    private struct State
    {
        private DeviceFacts _facts;
        private byte _browserRank;
        private byte _systemRank;
        private uint _systems;
        private int _words;
        private bool _isMobile, _isTablet, _isPad, _isWebView, _isBot, _isLibrary, _isAppleWebKit, _isLike;
        private ushort _version, _chrome, _trident;
        private Awaited _awaited;

        private enum Awaited : byte
        {
            Nothing,
            BrowserVersion,
            SystemVersion,
        }

        public void Take(ReadOnlySpan<byte> word)
        {
            var isFirst = _words++ == 0;
            var awaited = _awaited;
            _awaited = Awaited.Nothing;
            if (char.IsAsciiDigit((char)word[0]))
            {
                if (awaited == Awaited.BrowserVersion && _facts.BrowserMajor == 0) _facts.BrowserMajor = Major(word);
                else if (awaited == Awaited.SystemVersion && _facts.OsMajor == 0) _facts.OsMajor = SystemMajor(word);
                return;
            }

            var slash = word.IndexOf((byte)'/');
            var name = slash < 0 ? word : word[..slash];
            var version = slash < 0 ? default : word[(slash + 1)..];
            ref readonly var product = ref UserAgentProducts.Find(name);
            if (product.Name is null)
            {
                if (LooksLikeBot(word)) TakeBrowser(Bot, 6, version, isBot: true);
                return;
            }

            switch (product.Word)
            {
                case UserAgentWord.Filler: _isAppleWebKit |= name[0] == 'A'; break;
                case UserAgentWord.Like: _isLike = true; return;
                case UserAgentWord.Version: _version = Major(version); break;
                case UserAgentWord.Trident: _trident = Major(version); break;
                case UserAgentWord.Mobile: _isMobile = true; break;
                case UserAgentWord.Tablet: _isTablet = true; break;
                case UserAgentWord.WebView: _isWebView = true; break;
                case UserAgentWord.SystemVersion when !_isLike || name[0] == 'N': _awaited = Awaited.SystemVersion; break;
                case UserAgentWord.Browser when slash < 0 && !StandsAlone(product.Id): break;
                case UserAgentWord.Browser: TakeBrowser(product.Id, product.Rank, version, isBot: false); break;
                case UserAgentWord.Bot: TakeBrowser(product.Id, product.Rank, version, isBot: true); break;
                case UserAgentWord.LeadingLibrary when !isFirst: break;
                case UserAgentWord.Library or UserAgentWord.LeadingLibrary:
                    _isLibrary = true;
                    TakeBrowser(product.Id, product.Rank, version, isBot: false);
                    break;
                case UserAgentWord.System when !_isLike || product.Id != MacOs: TakeSystem(product, name, version); break;
                default: break;
            }

            // "like Mac OS X" runs on to the end of its comment; the next product ends it.
            if (slash >= 0) _isLike = false;
        }

        public readonly DeviceFacts Conclude()
        {
            var facts = _facts;
            if (facts.Browser is 0 && _trident != 0) (facts.Browser, facts.BrowserMajor) = (InternetExplorer, _trident == 7 ? (ushort)11 : (ushort)(_trident + 4));
            if (facts.Browser == InternetExplorer && _trident == 7) facts.BrowserMajor = 11;
            if (facts.Browser == Safari) (facts.Browser, facts.BrowserMajor) = (facts.Os == Android ? AndroidBrowser : Safari, _version);
            if (facts.Browser == Opera && _version >= 10) facts.BrowserMajor = _version;
            if (facts.Browser == Chrome && (_isWebView || (_version == 4 && facts.Os == Android))) facts.Browser = AndroidWebView;
            if (facts.Browser == 0 && facts.Os == Ios && _isAppleWebKit) facts.Browser = IosWebView;
            if (facts.BrowserMajor == 0) facts.BrowserMajor = _chrome;
            facts.Class = Class(facts);
            facts.Contradiction = Contradiction(facts);
            return facts;
        }

        /// <summary>Only what no device of any maker has ever said of itself; bots and programs may say what they like.</summary>
        private readonly UserAgentContradiction Contradiction(in DeviceFacts facts)
        {
            const uint Phones = (1u << WindowsPhone) | (1u << Xbox), Others = (1u << MacOs) | (1u << Ios) | (1u << Android) | (1u << Linux) | (1u << ChromeOs);
            if (_isBot || _isLibrary) return UserAgentContradiction.None;
            var isWindows = (_systems & (1u << Windows)) != 0 && (_systems & Phones) == 0;
            var isApple = (_systems & ((1u << MacOs) | (1u << Ios))) != 0 && (_systems & Phones) == 0;
            if ((isWindows && (_systems & Others) != 0) || (isApple && (_systems & ((1u << Android) | (1u << Linux))) != 0)) return UserAgentContradiction.Systems;
            if (facts.Browser == Safari && facts.Os == Windows && facts.BrowserMajor > LastSafariOnWindows) return UserAgentContradiction.BrowserOnSystem;
            if (facts.Browser == InternetExplorer && facts.Os is (Ios or Android or Linux or ChromeOs)) return UserAgentContradiction.BrowserOnSystem;
            var isTooNew = (facts.Browser is (Chrome or Edge or Firefox or Opera) && facts.BrowserMajor > NoBrowserYet)
                || (facts.Os is (Ios or Android) && facts.OsMajor > NoTelephoneYet) || (facts.Os == Windows && facts.OsMajor > NoWindowsYet);
            return isTooNew ? UserAgentContradiction.Version : UserAgentContradiction.None;
        }

        private readonly DeviceClass Class(in DeviceFacts facts)
        {
            if (_isBot) return DeviceClass.Bot;
            if (_isLibrary) return DeviceClass.Library;
            if (_isPad || _isTablet && facts.Os is not Windows) return DeviceClass.Tablet;
            return facts.Os switch
            {
                Ios or WindowsPhone or KaiOs or Symbian or BlackBerry or J2me => DeviceClass.Mobile,
                Android or HarmonyOs => _isMobile || facts.Browser is OperaMini or Uc or Firefox || _browserRank == 0 ? DeviceClass.Mobile : DeviceClass.Tablet,
                _ when _isMobile || facts.Browser == OperaMini => DeviceClass.Mobile,
                Windows or MacOs or Linux or ChromeOs or Bsd => DeviceClass.Desktop,
                _ => DeviceClass.Unknown,
            };
        }

        /// <summary>Names that count without a version; the others are words of the language or models of telephones ("Mini", "Line").</summary>
        private static bool StandsAlone(byte id) => id is InternetExplorer or Opera or Brave or Instagram or Facebook or Snapchat or Twitter or Pinterest;

        private static bool LooksLikeBot(ReadOnlySpan<byte> word)
        {
            if (word.Length < 3) return false;
            if (word.StartsWith("+http"u8)) return true;
            for (var i = 0; i + 2 < word.Length; i++)
            {
                var a = word[i] | 0x20;
                if (a is not ('b' or 'c' or 's')) continue;
                var b = word[i + 1] | 0x20;
                var c = word[i + 2] | 0x20;
                if (a == 'b' && b == 'o' && c == 't') return !(i == 2 && (word[0] | 0x20) == 'c' && (word[1] | 0x20) == 'u');
                if (word.Length - i < 5) continue;
                var d = word[i + 3] | 0x20;
                if ((a == 'c' && b == 'r' && c == 'a' && d == 'w') || (a == 's' && b == 'p' && c == 'i' && d == 'd')) return true;
            }

            return false;
        }

        /// <summary>The major version of Windows by its kernel's, as people know it.</summary>
        private readonly byte SystemMajor(ReadOnlySpan<byte> version)
        {
            var major = Major(version);
            if (_facts.Os == Windows && major == 6 && version.Length >= 3 && version[1] == '.') return version[2] switch { (byte)'1' => 7, (byte)'2' or (byte)'3' => 8, _ => 6 };
            return (byte)Math.Min(major, (ushort)255);
        }

        private static ushort Major(ReadOnlySpan<byte> version)
        {
            var major = 0;
            foreach (var c in version)
            {
                if (c is < (byte)'0' or > (byte)'9') break;
                major = Math.Min((major * 10) + c - '0', ushort.MaxValue);
            }

            return (ushort)major;
        }

        private void TakeBrowser(byte id, byte rank, ReadOnlySpan<byte> version, bool isBot)
        {
            _isBot |= isBot;
            var major = Major(version);
            if (id == Chrome) _chrome = major;
            if (rank < _browserRank || (rank == _browserRank && (id != _facts.Browser || _facts.BrowserMajor != 0))) return;
            _browserRank = rank;
            (_facts.Browser, _facts.BrowserMajor) = (id, major);
            if (version.IsEmpty) _awaited = Awaited.BrowserVersion;
        }

        private void TakeSystem(in UserAgentProducts.Product product, ReadOnlySpan<byte> name, ReadOnlySpan<byte> version)
        {
            _systems |= 1u << product.Id;
            if (product.Id == Ios) _isPad |= name.StartsWith("iPad"u8);
            if (product.Rank > _systemRank)
            {
                _systemRank = product.Rank;
                (_facts.Os, _facts.OsMajor) = (product.Id, (byte)Math.Min(Major(version), (ushort)255));
            }

            if (product.Id == _facts.Os && product.Id is Android or WindowsPhone or Tizen or HarmonyOs or PlayStation or Windows or KaiOs) _awaited = Awaited.SystemVersion;
        }
    }
}
