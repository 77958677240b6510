using Talweg.Data;
using Talweg.Statistics;

namespace Talweg.Continual;

/// <summary>Tasks to be learned one after the other.</summary>
/// <param name="Name">By which it is known: the text that <see cref="Parse"/> read.</param>
/// <param name="Tasks">In the order in which they are learned.</param>
public sealed record TaskSequence(string Name, IReadOnlyList<LearningTask> Tasks)
{
    /// <summary>Samples of classes that no task has: learned only where a protocol begins with everything (<see cref="TrainingProtocol.HiddenLayers"/>); null where there are none.</summary>
    public LearningTask? Others { get; init; }

    /// <summary>Reads what <c>--tasks</c> takes, and makes the tasks of a data set.</summary>
    /// <remarks>
    /// <c>01,23,45</c>: classes by one digit each. <c>0+1,10+11</c> or <c>cat+dog,ship+truck</c>: by number or name. <c>animals,objects</c>: the groups of CIFAR-10 and STL-10.
    /// <c>permuted:5</c>: all classes, the pixels as they are and then in four random orders (Goodfellow et al. 2013; Kirkpatrick et al. 2017). <c>rotated:0,30,60</c>: all classes, the
    /// images turned by so many degrees. Memory: inputs of all tasks together are kept as numbers up to 600 MiB, else as bytes.
    /// </remarks>
    /// <param name="text">The tasks.</param>
    /// <param name="data">Of what.</param>
    /// <param name="options">How many samples, which of them for validation, and how pixels become inputs.</param>
    /// <exception cref="InputException">There is no such class or kind, a class comes twice, or a task has no samples.</exception>
    public static TaskSequence Parse(string text, Dataset data, TaskOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(data);
        options ??= new();
        var definitions = TaskText.Parse(text, data, options.Seed);
        long budget = LabelledSamples.MemoryBudget / definitions.Count;
        int[] others = [.. Enumerable.Range(0, data.Train.Classes).Except(definitions.SelectMany(definition => definition.Classes))];
        return new(text, [.. definitions.Select(definition => Task(definition, data, options, budget))])
        {
            Others = definitions[0].Classes.Count == 0 ? null : OtherClasses(others, data, options, budget),
        };
    }

    /// <summary>Refuses a text that no data set could be cut by, before any data are loaded.</summary>
    /// <exception cref="InputException">It is empty, has one task only, or a number in it is none.</exception>
    public static void Check(string text) => TaskText.Check(text);

    /// <summary>Null where there are no images of them, which is nobody's mistake.</summary>
    private static LearningTask? OtherClasses(int[] others, Dataset data, TaskOptions options, long budget)
    {
        var definition = new TaskDefinition("other classes", images => images.OfClasses(others), others);
        return Train(definition, data, options).Count == 0 || definition.Of(data.Test).Count == 0 ? null : Task(definition, data, options with { ValidationShare = 0 }, budget);
    }

    private static ImageSet Train(TaskDefinition definition, Dataset data, TaskOptions options) =>
        definition.Of(options.Samples == 0 ? data.Train : data.Train.First(Math.Min(options.Samples, data.Train.Count)));

    private static LearningTask Task(TaskDefinition definition, Dataset data, TaskOptions options, long budget)
    {
        var train = Train(definition, data, options);
        var test = definition.Of(data.Test);
        foreach (var (set, what) in ((ImageSet, string)[])[(train, "training"), (test, "test")])
        {
            if (set.Count == 0)
                throw new InputException("--tasks", $"task '{definition.Name}'", $"no {what} images of {data.Name}", "at least one");
        }

        LabelledSamples Samples(ImageSet images) => LabelledSamples.Of(images, options.Scaling, budget);
        if (options.ValidationShare == 0)
            return new(definition.Name, Samples(train), Samples(test));
        int[] order = new RandomStream(options.Seed, $"validation/{definition.Name}").Permutation(train.Count);
        int put = (int)Math.Round(options.ValidationShare * train.Count);
        if (put == 0 || put == train.Count)
            throw new InputException("--tasks", $"task '{definition.Name}'", $"{train.Count} training images", $"more of them, so that a share of {options.ValidationShare} can be put aside");
        return new(definition.Name, Samples(train.Select(order[put..])), Samples(test)) { Validation = Samples(train.Select(order[..put])) };
    }
}
