using RiskEngine.Core.Events;
using RiskEngine.Core.State;

namespace RiskEngine.Storage.Records;

/// <summary>The stored form of an event and its assessment: a version, then numbers of variable length, then texts or their numbers.</summary>
/// <remarks>
/// Writing allocates nothing once the texts are known. Numbers come back bit for bit. Thread-safe as far as <see cref="TextTable"/> is;
/// a buffer belongs to one caller.
/// </remarks>
internal sealed partial class StoredEventCodec(TextTable texts)
{
    /// <summary>Version 2 says behind the signals what else policies could ask.</summary>
    private const byte Version = 2, OldestVersion = 1, Judged = 1, Enforced = 2, Learned = 4;

    /// <summary>Fields behind the kind, each of one zero byte where it is empty.</summary>
    private const int EmptyFields = 12;

    /// <summary>Where in front of a double its kind is said: nothing for zero, four bytes where they suffice, eight otherwise.</summary>
    private const byte Zero = 0, Short = 1, Long = 2;

    /// <summary>Appends event <paramref name="index"/> of the effects.</summary>
    public void Write(ByteBuffer to, Effects effects, int index)
    {
        var batch = effects.Batch;
        ref readonly var judged = ref batch[index];
        ref readonly var assessment = ref effects[index];
        to.Byte(Version);
        to.Byte((byte)((assessment.Judged ? Judged : 0) | (assessment.Enforced ? Enforced : 0) | (assessment.Learned ? Learned : 0)));
        to.Varint((ulong)judged.OccurredAt.UnixMilliseconds);
        to.Byte((byte)judged.Kind);
        WriteText(to, batch.Text(judged.KindText));
        WriteText(to, batch.Text(judged.Tenant));
        to.Text(batch.Text(judged.Id));
        to.Text(batch.Text(judged.SubjectId));
        to.Text(batch.Text(judged.SubjectName));
        WriteAddress(to, judged.SourceIp);
        WriteText(to, batch.Text(judged.UserAgent));
        WriteText(to, batch.Text(judged.Application));
        WriteText(to, batch.Text(judged.AuthMethod));
        to.Text(batch.Text(judged.RequestId));
        to.Varint(assessment.Country.Value);
        to.Varint(assessment.Asn);
        if (!assessment.Judged) return;
        WriteAssessment(to, effects, assessment);
        WriteKnown(to, batch, judged, assessment.Known);
    }

    /// <summary>What stands in the place of an event whose subject was erased: when it was, and nothing else. Its empty id is that of no event.</summary>
    public static byte[] Erased(EventTime occurredAt)
    {
        var to = new ByteBuffer();
        to.Byte(Version);
        to.Byte(0);
        to.Varint((ulong)occurredAt.UnixMilliseconds);
        to.Byte((byte)EventKind.Other);
        for (var empty = 0; empty < EmptyFields; empty++) to.Byte(0);
        return to.Written.ToArray();
    }

    /// <exception cref="FormatException">The bytes are no such record, or one of a newer version.</exception>
    public StoredEvent Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return ReadEvent(new ByteReader(bytes));
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new FormatException("A stored event is damaged.", exception);
        }
    }

    private StoredEvent ReadEvent(ByteReader from)
    {
        var version = from.Byte();
        if (version is < OldestVersion or > Version) throw new FormatException($"A stored event has version {version}, this build reads up to {Version}.");
        var flags = from.Byte();
        var occurredAt = new EventTime((long)from.Varint());
        var kind = (EventKind)from.Byte();
        var kindText = ReadText(ref from);
        var tenant = ReadText(ref from);
        return new StoredEvent
        {
            OccurredAt = occurredAt,
            Kind = kind,
            KindText = kindText,
            Tenant = tenant.Length > 0 ? tenant : "default",
            EventId = from.String(),
            SubjectId = from.String(),
            SubjectName = from.String(),
            SourceIp = ReadAddress(ref from),
            UserAgent = ReadText(ref from),
            Application = ReadText(ref from),
            AuthMethod = ReadText(ref from),
            RequestId = from.String(),
            Country = new CountryCode((ushort)from.Varint()),
            Asn = (uint)from.Varint(),
            Assessment = (flags & Judged) != 0 ? ReadAssessment(ref from, (flags & Enforced) != 0) with { Learned = (flags & Learned) != 0 } : null,
        };
    }

    private void WriteAssessment(ByteBuffer to, Effects effects, in AssessmentRecord assessment)
    {
        to.Byte((byte)((int)assessment.Level | ((int)assessment.Action << 4)));
        to.Varint((ulong)assessment.Degraded);
        WriteNumber(to, assessment.Score);
        WriteNumber(to, effects.Prior);
        WriteText(to, RuleName(effects, assessment.Rule));
        WriteText(to, assessment.Valve ?? "");
        WriteText(to, effects.PolicyVersion);
        WriteText(to, effects.ModelVersion);
        WriteText(to, effects.FactsVersion);
        to.Varint((ulong)assessment.SignalCount);
        foreach (ref readonly var signal in effects.Signals(assessment))
        {
            to.Byte((byte)signal.Code);
            WriteNumber(to, signal.Contribution);
            WriteNumber(to, signal.Evidence);
            WriteNumber(to, signal.A);
            WriteNumber(to, signal.B);
            WriteNumber(to, signal.C);
            WriteText(to, effects.Batch.Text(signal.Detail));
        }
    }

    private StoredAssessment ReadAssessment(ref ByteReader from, bool enforced)
    {
        var verdict = from.Byte();
        var degraded = (DegradedFacts)from.Varint();
        var score = ReadNumber(ref from);
        var prior = ReadNumber(ref from);
        var (rule, valve) = (ReadText(ref from), ReadText(ref from));
        var (policy, model, facts) = (ReadText(ref from), ReadText(ref from), ReadText(ref from));
        var signals = new StoredSignal[(int)Math.Min(from.Varint(), 256)];
        for (var i = 0; i < signals.Length; i++)
        {
            signals[i] = new StoredSignal(
                (SignalCode)from.Byte(), ReadNumber(ref from), ReadNumber(ref from), ReadNumber(ref from), ReadNumber(ref from), ReadNumber(ref from), ReadText(ref from));
        }

        return new StoredAssessment
        {
            Score = score,
            Level = (RiskLevel)(verdict & 0xF),
            Action = (DecisionAction)(verdict >> 4),
            Enforced = enforced,
            Rule = rule.Length > 0 ? rule : null,
            Valve = valve.Length > 0 ? valve : null,
            Prior = prior,
            Signals = signals,
            Degraded = degraded,
            PolicyVersion = policy,
            ModelVersion = model,
            FactsVersion = facts,
        };
    }

    private static string RuleName(Effects effects, short rule) => rule switch
    {
        AssessmentRecord.StandingBlock => StoredAssessment.StandingBlockRule,
        AssessmentRecord.AllowList => StoredAssessment.AllowListRule,
        >= 0 when rule < effects.RuleNames.Count => effects.RuleNames[rule],
        _ => "",
    };

    // 0 is the empty text, 1 a text that follows, more than that the number of a known text plus 1.
    private void WriteText(ByteBuffer to, ReadOnlySpan<byte> utf8)
    {
        var number = utf8.IsEmpty ? -1 : texts.NumberOf(utf8);
        to.Varint((ulong)(number + 1));
        if (number == 0) to.Text(utf8);
    }

    private void WriteText(ByteBuffer to, string text)
    {
        var number = text.Length == 0 ? -1 : texts.NumberOf(text);
        to.Varint((ulong)(number + 1));
        if (number == 0) to.Text(System.Text.Encoding.UTF8.GetBytes(text));
    }

    private string ReadText(ref ByteReader from)
    {
        var number = (int)from.Varint() - 1;
        return number < 0 ? "" : number == 0 ? from.String() : texts.String(number);
    }

    private static void WriteAddress(ByteBuffer to, IpAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.WriteBytes(bytes);
        to.Text(address.IsUnknown ? [] : address.IsIPv4 ? bytes[12..] : bytes);
    }

    private static IpAddress ReadAddress(ref ByteReader from)
    {
        var bytes = from.Text();
        return bytes.IsEmpty ? default : IpAddress.FromBytes(bytes);
    }

    private static void WriteNumber(ByteBuffer to, double value)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value);
        var isShort = BitConverter.DoubleToUInt64Bits((float)value) == bits;
        to.Byte(bits == 0 ? Zero : isShort ? Short : Long);
        if (bits == 0) return;
        if (isShort) to.Float((float)value); else to.Double(value);
    }

    private static double ReadNumber(ref ByteReader from) => from.Byte() switch
    {
        Zero => 0,
        Short => from.Float(),
        Long => from.Double(),
        var kind => throw new FormatException($"A stored event is damaged: no number is of kind {kind}."),
    };
}
