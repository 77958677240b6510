namespace Talweg.Data;

/// <summary>Decodes all pictures of a data set: into memory, or once into a file in the user's cache if they exceed the budget.</summary>
internal sealed class PictureSet
{
    private const int AtOnce = 256;
    private const int MostThreads = 8;

    private readonly string _name;
    private readonly IReadOnlyList<string> _classNames;
    private readonly PictureOptions _options;
    private readonly ReadingContext _context;
    private readonly ParallelOptions _parallel;

    /// <param name="name">The data set's name.</param>
    /// <param name="classNames">What the classes are called, in the order of their numbers.</param>
    /// <param name="options">How pictures become images.</param>
    /// <param name="context">Where to keep what exceeds the budget, and whom to tell.</param>
    public PictureSet(string name, IReadOnlyList<string> classNames, PictureOptions options, ReadingContext context)
    {
        (_name, _classNames, _options, _context) = (name, classNames, options, context);
        _parallel = new() { CancellationToken = context.Cancellation, MaxDegreeOfParallelism = Math.Min(MostThreads, Environment.ProcessorCount) };
    }

    /// <summary>Decodes training and test pictures.</summary>
    /// <exception cref="InputException">A picture is damaged or of another kind, or sizes differ.</exception>
    public Dataset Read(LabelledPictures train, LabelledPictures test)
    {
        Picture[] pictures = [.. train.Pictures, .. test.Pictures];
        var headers = Headers(pictures);
        int channels = _options.Grey || headers.All(header => header.Channels == 1) ? 1 : 3;
        var (rows, columns) = SizeOf(pictures, headers);
        int image = channels * rows * columns;
        long trainLength = (long)train.Pictures.Count * image, testLength = (long)test.Pictures.Count * image;
        void Decode(Action<byte[], int> take) => DecodeAll(pictures, headers, channels, image, take);
        var (trainPixels, testPixels) = trainLength + testLength <= Math.Min(_context.Budget, Array.MaxLength)
            ? InMemory(trainLength, testLength, Decode)
            : PictureCache.Open(_context.Cache, PictureCache.KeyOf(pictures, _options), trainLength, testLength, Decode, _context.Cancellation);
        ImageSet Part(string part, PixelStore pixels, byte[] labels) => new($"{_name} {part}", pixels, labels, rows, columns, _classNames.Count, channels);
        return Dataset.Of(_name, Part("train", trainPixels, train.Labels), Part("test", testPixels, test.Labels)) with { ClassNames = _classNames };
    }

    private static (PixelStore Train, PixelStore Test) InMemory(long trainLength, long testLength, Action<Action<byte[], int>> decode)
    {
        byte[] all = new byte[trainLength + testLength];
        int filled = 0;
        decode((block, length) =>
        {
            block.AsSpan(0, length).CopyTo(all.AsSpan(filled));
            filled += length;
        });
        return (new MemoryPixels(all.AsMemory(0, (int)trainLength)), new MemoryPixels(all.AsMemory((int)trainLength)));
    }

    private PictureHeader[] Headers(Picture[] pictures)
    {
        var headers = new PictureHeader[pictures.Length];
        ForEach(0, pictures.Length, i => headers[i] = pictures[i].ReadHeader());
        return headers;
    }

    private (int Rows, int Columns) SizeOf(Picture[] pictures, PictureHeader[] headers)
    {
        if (_options.Size is { } size)
            return (size, size);
        var (rows, columns) = (headers[0].Rows, headers[0].Columns);
        int other = Array.FindIndex(headers, header => (header.Rows, header.Columns) != (rows, columns));
        if (other >= 0)
            throw new InputException(pictures[other].Source, "size", $"{headers[other].Rows} × {headers[other].Columns}", $"{rows} × {columns} as in {pictures[0].Source}; \",size=N\" after the folder's name resizes all pictures to N × N");
        return (rows, columns);
    }

    /// <summary>Hands on the images block by block, in their order.</summary>
    private void DecodeAll(Picture[] pictures, PictureHeader[] headers, int channels, int image, Action<byte[], int> take)
    {
        int atOnce = Math.Clamp((64 << 20) / image, 1, AtOnce);
        byte[] block = new byte[atOnce * image];
        for (int first = 0; first < pictures.Length; first += atOnce)
        {
            int start = first, count = Math.Min(atOnce, pictures.Length - first);
            ForEach(start, count, i => PictureDecoder.Decode(pictures[i].ReadAll(), headers[i], channels, _options.Size, block.AsSpan((i - start) * image, image)));
            take(block, count * image);
            _context.Progress?.Report(new("decoding pictures", first + count, pictures.Length));
        }
    }

    /// <summary>On several threads; of several mistakes the first in order is reported, so that the message does not depend on their timing.</summary>
    private void ForEach(int first, int count, Action<int> work)
    {
        var mistakes = new InputException?[count];
        Parallel.For(0, count, _parallel, i =>
        {
            try
            {
                work(first + i);
            }
            catch (InputException e)
            {
                mistakes[i] = e;
            }
        });
        if (mistakes.FirstOrDefault(mistake => mistake is not null) is { } mistake)
            throw mistake;
    }
}
