using Talweg.Continual;
using Talweg.Data;
using Talweg.Statistics;

namespace Talweg.Tests.Continual;

/// <summary>What <c>--tasks</c> takes, and the samples that come of it.</summary>
public sealed class TaskSequenceTests
{
    private const string Expected = "expected two tasks or more, such as 01,23,45,67,89; 0+1,10+11; cat+dog,ship+truck; animals,objects; permuted:5; or rotated:0,30,60";

    private static readonly string[] CifarNames = ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];

    /// <summary>Ten classes, 40 training and 20 test images of 3 × 4 pixels.</summary>
    private static readonly Dataset Digits = Make("digits", 10);

    private static readonly Dataset Cifar = Digits with { Name = "cifar10", ClassNames = CifarNames };

    [Theory]
    [InlineData("01,23", "0 1|2 3")]
    [InlineData("0+1,2+3", "0 1|2 3")]
    [InlineData("9, 80", "9|8 0")]
    [InlineData("3,5,7", "3|5|7")]
    public void Classes_by_number_are_tasks(string text, string classes) => CheckClasses(Digits, text, classes);

    [Theory]
    [InlineData("cat+dog,ship+truck", "3 5|8 9")]
    [InlineData("animals,objects", "2 3 4 5 6 7|0 1 8 9")]
    [InlineData("objects,cat", "0 1 8 9|3")]
    [InlineData("01,cat+8", "0 1|3 8")]
    public void Classes_by_name_are_tasks(string text, string classes) => CheckClasses(Cifar, text, classes);

    [Fact]
    public void Classes_of_two_digits_are_joined_by_plus() => CheckClasses(Make("many", 12), "0+11,10+2", "0 11|10 2");

    [Fact]
    public void Classes_that_no_task_has_are_the_others()
    {
        var tasks = TaskSequence.Parse("01,23", Digits);
        Assert.Equal("other classes", tasks.Others!.Name);
        Assert.Equal(Of(Digits.Train, 4, 5, 6, 7, 8, 9), tasks.Others.Train.Rows());
        Assert.Equal(Of(Digits.Test, 4, 5, 6, 7, 8, 9), tasks.Others.Test.Rows());
        Assert.Null(tasks.Others.Validation);
        Assert.Null(TaskSequence.Parse("01,23,45,67,89", Digits).Others);
        Assert.Null(TaskSequence.Parse("permuted:2", Digits).Others);
        Assert.Null(TaskSequence.Parse("rotated:0,90", Digits).Others);
    }

    [Fact]
    public void Other_classes_without_images_are_no_reason_to_refuse()
    {
        // Of the first 12 training images there are such of classes 0, 1 and 2 alone.
        var train = new ImageSet("few", new byte[12 * 12], (byte[])[0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2], 3, 4, 10);
        var tasks = TaskSequence.Parse("0,12", Dataset.Of("few", train, Digits.Test));
        Assert.Equal(["0", "12"], tasks.Tasks.Select(task => task.Name));
        Assert.Null(tasks.Others);
    }

    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(0, 1, false)]
    [InlineData(1, 0, false)]
    public void Other_classes_need_an_image_of_training_and_one_of_test(int train, int test, bool there)
    {
        // Classes 0 and 1 four times each, and class 2 as often as asked.
        static ImageSet Set(int others) => new("few", new byte[12 * (8 + others)], (byte[])[0, 1, 0, 1, 0, 1, 0, 1, .. Enumerable.Repeat((byte)2, others)], 3, 4, 10);
        var others = TaskSequence.Parse("0,1", Dataset.Of("few", Set(train), Set(test))).Others;
        Assert.Equal(there, others is not null);
        if (others is not null)
            Assert.Equal((1, 1), (others.Train.Count, others.Test.Count));
    }

    [Fact]
    public void Permutations_begin_with_the_pixels_as_they_are_and_depend_on_the_seed()
    {
        var tasks = TaskSequence.Parse("permuted:3", Digits, new() { Seed = 5 });
        Assert.Equal(("permuted:3", 3), (tasks.Name, tasks.Tasks.Count));
        Assert.Equal(["permutation 1", "permutation 2", "permutation 3"], tasks.Tasks.Select(task => task.Name));
        Assert.Equal(Of(Digits.Train), tasks.Tasks[0].Train.Rows());
        for (int task = 2; task <= 3; task++)
        {
            int[] order = new RandomStream(5, $"permutation/{task}").Permutation(12);
            Assert.Equal(Of(Digits.Train).Select(row => order.Select(place => row[place]).ToArray()), tasks.Tasks[task - 1].Train.Rows());
            Assert.Equal(Of(Digits.Test).Select(row => order.Select(place => row[place]).ToArray()), tasks.Tasks[task - 1].Test.Rows());
            Assert.Equal(Array.ConvertAll(Digits.Train.Labels.ToArray(), label => (int)label), tasks.Tasks[task - 1].Train.Labels);
        }

        Assert.NotEqual(tasks.Tasks[1].Train.Inputs, tasks.Tasks[2].Train.Inputs);
        Assert.Equal(tasks.Tasks[2].Train.Inputs, TaskSequence.Parse("permuted:3", Digits, new() { Seed = 5 }).Tasks[2].Train.Inputs);
        Assert.NotEqual(tasks.Tasks[2].Train.Inputs, TaskSequence.Parse("permuted:3", Digits, new() { Seed = 6 }).Tasks[2].Train.Inputs);
    }

    [Fact]
    public void Angles_turn_training_and_test_images_alike()
    {
        var tasks = TaskSequence.Parse("rotated:0, 30.5,-180", Digits);
        Assert.Equal(["rotated 0°", "rotated 30.5°", "rotated -180°"], tasks.Tasks.Select(task => task.Name));
        Assert.Equal(Of(Digits.Train), tasks.Tasks[0].Train.Rows());
        Assert.Equal(Of(Digits.Test.Rotated(30.5)), tasks.Tasks[1].Test.Rows());
        Assert.Equal(Of(Digits.Train).Select(row => row.Reverse().ToArray()), tasks.Tasks[2].Train.Rows());      // half a turn reverses the pixels
    }

    [Fact]
    public void Samples_are_the_data_sets_first_and_scaled_as_asked()
    {
        var scaling = new PixelScaling(10, 0.5);
        var tasks = TaskSequence.Parse("01,23", Digits, new() { Samples = 25, Scaling = scaling });
        Assert.Equal(Of(Digits.Train.First(25), 0, 1).Select(row => row.Select(x => (float)((x * 255 - 10) * 0.5))), tasks.Tasks[0].Train.Rows(), (one, other) =>
            one.Zip(other, (a, b) => Math.Abs(a - b)).Max() < 1e-4);                                            // x · 255 is a whole number but for rounding
        Assert.Equal(Of(Digits.Test, 0, 1).Count(), tasks.Tasks[0].Test.Count);
        Assert.Equal(40, TaskSequence.Parse("permuted:2", Digits, new() { Samples = 1000 }).Tasks[1].Train.Count);
    }

    [Fact]
    public void Validation_samples_are_put_aside_at_random_and_always_the_same()
    {
        LearningTask Task(double share, long seed) => TaskSequence.Parse("0123,4567", Digits, new() { ValidationShare = share, Seed = seed }).Tasks[0];
        var all = Task(0, 1);
        Assert.Null(all.Validation);
        var split = Task(0.3, 1);
        Assert.Equal((int)Math.Round(0.3 * all.Train.Count), split.Validation!.Count);
        Assert.Equal(all.Train.Count, split.Train.Count + split.Validation.Count);
        Assert.Equal(Sorted(all.Train.Rows()), Sorted(split.Train.Rows().Concat(split.Validation.Rows())));
        Assert.Equal(all.Test.Inputs, split.Test.Inputs);
        Assert.Equal(split.Validation.Inputs, Task(0.3, 1).Validation!.Inputs);
        Assert.NotEqual(split.Validation.Inputs, Task(0.3, 2).Validation!.Inputs);
        // Tasks of the same images put aside others, each by a draw of its own.
        var permuted = TaskSequence.Parse("permuted:3", Digits, new() { ValidationShare = 0.3, Seed = 1 }).Tasks;
        Assert.Equal(3, permuted.Select(task => string.Join(' ', task.Validation!.Labels)).Distinct().Count());
        // Labels go with their samples.
        var labels = all.Train.Rows().Zip(all.Train.Labels).ToDictionary(pair => string.Join(' ', pair.First), pair => pair.Second);
        Assert.All(split.Validation.Rows().Zip(split.Validation.Labels), pair => Assert.Equal(labels[string.Join(' ', pair.First)], pair.Second));
        Assert.All(split.Train.Rows().Zip(split.Train.Labels), pair => Assert.Equal(labels[string.Join(' ', pair.First)], pair.Second));
    }

    [Theory]
    [InlineData("", "value: found '', ")]
    [InlineData("01", "value: found '01', ")]
    [InlineData("01,", "value: found '01,', ")]
    [InlineData(",,", "value: found ',,', ")]
    [InlineData("rotated:30", "value: found 'rotated:30', ")]
    [InlineData("rotated:0,", "value: found 'rotated:0,', ")]
    public void What_is_no_list_of_tasks_is_refused(string text, string found)
    {
        string message = $"--tasks: {found}{Expected}";
        Assert.Equal(message, Assert.Throws<InputException>(() => TaskSequence.Parse(text, Digits)).Message);
        Assert.Equal(message, Assert.Throws<InputException>(() => TaskSequence.Check(text)).Message);
    }

    [Theory]
    [InlineData("permuted:")]
    [InlineData("permuted:1")]
    [InlineData("permuted:101")]
    [InlineData("permuted:-2")]
    [InlineData("permuted:2.5")]
    public void Permutations_are_counted_from_2_to_100(string text)
    {
        string message = $"--tasks: number of permutations: found '{text}', expected a whole number from 2 to 100, as in permuted:5";
        Assert.Equal(message, Assert.Throws<InputException>(() => TaskSequence.Parse(text, Digits)).Message);
        Assert.Equal(message, Assert.Throws<InputException>(() => TaskSequence.Check(text)).Message);
    }

    [Theory]
    [InlineData("rotated:0,thirty", "thirty")]
    [InlineData("rotated:NaN,0", "NaN")]
    [InlineData("rotated:0,Infinity", "Infinity")]
    public void Angles_are_numbers(string text, string wrong)
    {
        string message = $"--tasks: angle: found '{wrong}' in '{text}', expected degrees, as in rotated:0,30,60";
        Assert.Equal(message, Assert.Throws<InputException>(() => TaskSequence.Parse(text, Digits)).Message);
        Assert.Equal(message, Assert.Throws<InputException>(() => TaskSequence.Check(text)).Message);
    }

    [Fact]
    public void Classes_that_are_not_there_or_come_twice_are_refused()
    {
        const string known = "expected classes of digits: 0 to 9, one digit each as in 01,23, or joined by + as in 0+1,10+11";
        Refused(Digits, "01,2+10", $"task '2+10': found class '10', {known}");
        Refused(Digits, "0,cat", $"task 'cat': found class 'cat', {known}");
        Refused(Digits, "0,1+", $"task '1+': found class '', {known}");
        Refused(Digits, "animals,0", $"task: found 'animals', which digits does not have, {known}");
        Refused(Digits, "01,12", "task '12': found class 1 again, after '01', expected every class in one task at most");
        Refused(Digits, "0,11", "task '11': found class 1 again, after '11', expected every class in one task at most");
        Refused(Cifar, "animals,cat", "task 'cat': found class 3 (cat) again, after 'animals', expected every class in one task at most");
        Refused(Cifar, "cat,mouse", $"task 'mouse': found class 'mouse', expected classes of cifar10: {string.Join(", ", CifarNames.Select((name, i) => $"{i} ({name})"))}");
    }

    [Fact]
    public void Tasks_without_samples_are_refused()
    {
        Refused(Digits, "01,23", "task '01': found no training images of digits, expected at least one", new() { Samples = 1 }, label: 9);
        var empty = Dataset.Of("digits", Digits.Train, Digits.Test.OfClasses([0, 1]));
        Refused(empty, "01,23", "task '23': found no test images of digits, expected at least one");
        Refused(Digits, "01,23", $"task '01': found {Of(Digits.Train, 0, 1).Count()} training images, expected more of them, so that a share of 0.01 can be put aside", new() { ValidationShare = 0.01 });
        foreach (double share in (double[])[-0.1, 1, double.NaN])
            Assert.StartsWith("A share lies from 0 to below 1.", Assert.Throws<ArgumentOutOfRangeException>(() => new TaskOptions { ValidationShare = share }).Message, StringComparison.Ordinal);
    }

    /// <param name="data">The data; if there is a label, with a first training image of that class.</param>
    /// <param name="text">The tasks.</param>
    /// <param name="message">Without the option.</param>
    /// <param name="options">How.</param>
    /// <param name="label">The class.</param>
    private static void Refused(Dataset data, string text, string message, TaskOptions? options = null, int label = -1)
    {
        if (label >= 0)
            data = data with { Train = data.Train.Select([data.Train.Labels.ToArray().ToList().IndexOf((byte)label), .. Enumerable.Range(0, data.Train.Count)]) };
        Assert.Equal($"--tasks: {message}", Assert.Throws<InputException>(() => TaskSequence.Parse(text, data, options)).Message);
        TaskSequence.Check(text);                                    // without the data it cannot know
    }

    private static void CheckClasses(Dataset data, string text, string classes)
    {
        var tasks = TaskSequence.Parse(text, data);
        int[][] expected = [.. classes.Split('|').Select(part => part.Split(' ').Select(int.Parse).ToArray())];
        Assert.Equal((text, expected.Length), (tasks.Name, tasks.Tasks.Count));
        Assert.Equal(text.Split(',', StringSplitOptions.TrimEntries), tasks.Tasks.Select(task => task.Name));
        foreach (var (task, own) in tasks.Tasks.Zip(expected))
        {
            Assert.Equal(Of(data.Train, own), task.Train.Rows());
            Assert.Equal(Of(data.Test, own), task.Test.Rows());
            Assert.Equal(data.Train.Labels.ToArray().Select(label => (int)label).Where(own.Contains), task.Train.Labels);
            Assert.Equal(data.Train.Classes, task.Train.Classes);
            Assert.Null(task.Validation);
        }

        TaskSequence.Check(text);
    }

    /// <summary>The inputs of a set's images of some classes, or of all: bytes over 255.</summary>
    private static IEnumerable<float[]> Of(ImageSet images, params int[] classes) => Enumerable.Range(0, images.Count)
        .Where(image => classes.Length == 0 || classes.Contains(images.Label(image)))
        .Select(image => images.Image(image).ToArray().Select(pixel => (float)(pixel * (1.0 / 255))).ToArray());

    private static IEnumerable<string> Sorted(IEnumerable<float[]> rows) => rows.Select(row => string.Join(' ', row)).Order(StringComparer.Ordinal);

    private static Dataset Make(string name, int classes)
    {
        ImageSet Set(int count, string part)
        {
            var random = new RandomStream(1, part);
            byte[] pixels = new byte[count * 12], labels = new byte[count];
            for (int i = 0; i < pixels.Length; i++)
                pixels[i] = (byte)random.Next(256);
            for (int i = 0; i < count; i++)
                labels[i] = (byte)(i < classes ? i : random.Next(classes));
            return new($"{name} {part}", pixels, labels, 3, 4, classes);
        }

        return Dataset.Of(name, Set(40, "train"), Set(20, "test"));
    }
}
